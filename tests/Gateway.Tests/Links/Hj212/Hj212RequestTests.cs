using System.Globalization;
using Gateway.Links.Hj212;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

public sealed class Hj212RequestTests
{
    [Fact]
    public void A_clock_that_is_wrong_three_times_in_a_row_is_set_and_once_an_hour_at_most()
    {
        using var rig = new Hj212Rig();
        Skewed(rig, 90, 2);
        Skewed(rig, 0, 1);
        Skewed(rig, 90, 2);
        rig.Pass();
        Assert.Empty(rig.Sent());

        Skewed(rig, 90, 1);
        rig.Pass();
        var (cn, qn, cp) = rig.Asked();
        Assert.Equal(("1012", $"SystemTime={Hj212Rig.Stamp(rig.Clock.NowMs)}"), (cn, cp));
        Assert.InRange(rig.Device.SkewMs!.Value, 88_000, 90_000);

        rig.Answer(9011, qn, "QnRtn=1");
        rig.Answer(9012, qn, "ExeRtn=1");
        rig.Pass();
        Skewed(rig, 90, 3);
        rig.Pass();
        Assert.Empty(rig.Sent());

        rig.Pass(3600);
        Skewed(rig, 90, 3);
        rig.Pass();
        Assert.Equal("1012", rig.Asked().Cn);
    }

    [Fact]
    public void A_logger_that_asks_for_the_time_is_answered_and_then_told()
    {
        using var rig = new Hj212Rig();
        rig.Say(1013, "PolId=a34002");

        Assert.EndsWith("CP=&&&&", Assert.Single(rig.Sent()), StringComparison.Ordinal);
        rig.Pass();
        Assert.Equal(("1012", $"PolId=a34002;SystemTime={Hj212Rig.Stamp(rig.Clock.NowMs)}"), rig.Asked() is var (cn, _, cp) ? (cn, cp) : default);
    }

    [Fact]
    public void Where_another_platform_keeps_the_time_no_clock_is_set()
    {
        using var rig = new Hj212Rig(options: new Hj212Options { SetTime = false });
        Skewed(rig, 90, 5);
        rig.Say(1013, "");
        rig.Sent();
        rig.Pass(5);

        Assert.Empty(rig.Sent());
    }

    [Fact]
    public void A_stranger_is_answered_and_asked_for_nothing()
    {
        using var rig = new Hj212Rig();
        for (int i = 0; i < 4; i++) rig.Say($"QN=20200305100000000;ST=39;CN=2011;PW=123456;MN=OTHER1;Flag=4;CP=&&DataTime=20200305100000;a34004-Rtd={i}&&");
        rig.Pass(5);

        Assert.Empty(rig.Sent());
    }

    [Fact]
    public void Intervals_are_set_where_the_ledger_says_so_one_request_after_the_other()
    {
        using var rig = new Hj212Rig(", \"hj212\": { \"setIntervals\": true, \"minuteInterval\": 5 }");
        rig.Live();
        rig.Pass();
        var (cn, qn, cp) = rig.Asked();
        Assert.Equal(("1062", "RtdInterval=60"), (cn, cp));

        rig.Pass(3);
        Assert.Empty(rig.Sent());
        rig.Answer(9011, qn, "QnRtn=1");
        rig.Answer(9012, qn, "ExeRtn=1");
        rig.Pass(2);

        (cn, _, cp) = rig.Asked();
        Assert.Equal(("1064", "MinInterval=5"), (cn, cp));
    }

    [Fact]
    public void A_request_is_repeated_three_times_every_ten_seconds_as_it_was_and_then_given_up()
    {
        using var rig = new Hj212Rig();
        rig.Say(1013, "");
        rig.Sent();
        rig.Pass();
        var first = rig.Asked();
        for (int repeat = 0; repeat < 3; repeat++)
        {
            rig.Pass(9);
            Assert.Empty(rig.Sent());
            rig.Pass(1);
            Assert.Equal(first, rig.Asked());
        }
        rig.Pass(30);

        Assert.Empty(rig.Sent());
        Assert.Null(rig.Device.OpenRequest);
        Assert.Equal("1012: did not answer 4 times", rig.Device.Refusal);
    }

    [Theory]
    [InlineData(9011, "QnRtn=2", "1012: refused it (9011 QnRtn 2)")]
    [InlineData(9012, "ExeRtn=3", "1012: could not do it (9012 ExeRtn 3)")]
    [InlineData(9012, "", "1012: could not do it (9012 ExeRtn )")]
    public void A_refusal_ends_a_request_and_is_said(int cn, string cp, string words)
    {
        using var rig = new Hj212Rig();
        rig.Say(1013, "");
        rig.Sent();
        rig.Pass();
        rig.Answer(cn, rig.Asked().Qn, cp);
        rig.Pass(60);

        Assert.Empty(rig.Sent());
        Assert.Equal(words, rig.Device.Refusal);
    }

    [Fact]
    public void A_late_answer_to_another_request_is_not_taken_for_this_ones()
    {
        using var rig = new Hj212Rig();
        rig.Say(1013, "");
        rig.Sent();
        rig.Pass();
        rig.Asked();
        rig.Answer(9011, "20260305095959000", "QnRtn=2");

        Assert.Null(rig.Device.Refusal);
        Assert.NotNull(rig.Device.OpenRequest);
        Assert.Equal(1, rig.Device.Counts["answerToNothing"]);
    }

    private static void Skewed(Hj212Rig rig, int seconds, int messages)
    {
        for (int i = 0; i < messages; i++) rig.Say(2011, string.Create(CultureInfo.InvariantCulture, $"DataTime={Hj212Rig.Stamp(rig.Clock.NowMs + seconds * 1000)};a34004-Rtd=41"), flag: 4);
    }
}
