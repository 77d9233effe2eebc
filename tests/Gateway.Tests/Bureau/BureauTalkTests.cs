using System.Text;
using Gateway.Tests.Links.Hj212;
using Xunit;

namespace Gateway.Tests.Bureau;

public sealed class BureauTalkTests
{
    private const long Minute = 60_000;

    private readonly BureauRig _rig = new();

    private static long Ten => TestSite.Ten;

    [Fact]
    public void The_latest_values_go_out_every_minute_with_their_flags()
    {
        _rig.Line("dust-1", Ten - 1_000, "pm10_ugm3=88,noise_db=61.5").Line("dust-1", Ten, "pm10_ugm3=92,bad_fields=1i").ReadAll();
        _rig.Talk.Tick(Ten);

        Assert.Equal([$"QN=20260305100000000;ST=39;CN=2011;PW=123456;MN={BureauRig.Mn};Flag=5;CP=&&DataTime=20260305100000;a34002-Rtd=92,a34002-Flag=N;LA-Rtd=61.5,LA-Flag=D&&"], _rig.Sent());
        Acknowledge("20260305100000000", Ten);
        _rig.Talk.Tick(Ten + 59_000);
        Assert.Empty(_rig.Sent());
        _rig.Talk.Tick(Ten + 60_000);
        Assert.Single(_rig.Sent());
    }

    [Fact]
    public void A_device_that_is_silent_is_reported_as_cut_off()
    {
        _rig.Line("dust-1", Ten, "pm10_ugm3=88").ReadAll();
        _rig.Talk.Tick(Ten + 4 * Minute);

        Assert.Contains("a34002-Rtd=88,a34002-Flag=B", Assert.Single(_rig.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_repeated_as_it_was_until_its_9014_and_no_other()
    {
        var report = Due();
        _rig.Talk.Send(report, Ten + 11 * Minute);
        string frame = Assert.Single(_rig.Sent());
        Assert.StartsWith("QN=20260305101100000;ST=39;CN=2051;", frame, StringComparison.Ordinal);

        _rig.Talk.Tick(Ten + 11 * Minute + 10_000);
        Assert.Equal([frame], _rig.Sent());
        Assert.Null(Acknowledge("20260305101100001", Ten + 11 * Minute));
        Assert.False(_rig.Talk.IsFree);
        Assert.Same(report, Acknowledge("20260305101100000", Ten + 11 * Minute));
        Assert.True(_rig.Talk.IsFree);
    }

    [Fact]
    public void After_three_repeats_the_connection_is_given_up_and_the_report_still_owed()
    {
        _rig.Talk.Send(Due(), Ten + 11 * Minute);
        for (int i = 1; i <= 3; i++) _rig.Talk.Tick(Ten + 11 * Minute + i * 10_000);
        Assert.Equal(4, _rig.Sent().Count);
        Assert.False(_rig.Talk.GaveUp);

        _rig.Talk.Tick(Ten + 11 * Minute + 40_000);

        Assert.True(_rig.Talk.GaveUp);
        Assert.NotNull(_rig.Book.Next(Ten + 12 * Minute));
        Assert.Equal(0, _rig.Cursor);
    }

    [Theory]
    [InlineData(1011, "", "CN=1011;PW=123456;MN=NB0203000000000000000009;Flag=4;CP=&&SystemTime=20260305100000&&", 1)]
    [InlineData(1012, "SystemTime=20260305100100", null, 3)]
    [InlineData(1061, "", "CN=1061;PW=123456;MN=NB0203000000000000000009;Flag=4;CP=&&RtdInterval=60&&", 1)]
    [InlineData(1062, "RtdInterval=120", null, 1)]
    [InlineData(1062, "RtdInterval=29", null, 3)]
    [InlineData(1063, "", "CN=1063;PW=123456;MN=NB0203000000000000000009;Flag=4;CP=&&MinInterval=10&&", 1)]
    [InlineData(1064, "MinInterval=5", null, 1)]
    [InlineData(1064, "MinInterval=7", null, 3)]
    [InlineData(1000, "OverTime=5;ReCount=2", null, 1)]
    [InlineData(1000, "OverTime=0;ReCount=2", null, 3)]
    [InlineData(2012, "", null, 1)]
    [InlineData(2051, "BeginTime=20260305100000;EndTime=20260305110000", null, 100)]
    [InlineData(2051, "BeginTime=yesterday", null, 3)]
    public void A_request_is_accepted_carried_out_and_reported(int cn, string cp, string? answer, int exeRtn)
    {
        var sent = Ask(cn, cp);

        Assert.Equal("CP=&&QnRtn=1&&", sent[0][sent[0].IndexOf("CP=", StringComparison.Ordinal)..]);
        Assert.Equal($"CP=&&ExeRtn={exeRtn}&&", sent[^1][sent[^1].IndexOf("CP=", StringComparison.Ordinal)..]);
        Assert.Equal(answer is null ? 2 : 3, sent.Count);
        if (answer is not null) Assert.EndsWith(answer, sent[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MN=OTHER", "PW=123456", 2051, 4)]
    [InlineData("MN=NB0203000000000000000009", "PW=000000", 2051, 3)]
    [InlineData("MN=NB0203000000000000000009", "PW=123456", 1072, 8)]
    public void A_request_for_another_or_by_another_is_refused_with_its_reason(string mn, string pw, int cn, int qnRtn)
    {
        _rig.Talk.Take(Hj212Rig.Frame($"QN=20260305100000000;ST=39;CN={cn};{pw};{mn};Flag=5;CP=&&&&"), Ten);

        Assert.EndsWith($"CN=9011;{pw};{mn};Flag=4;CP=&&QnRtn={qnRtn}&&", Assert.Single(_rig.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_the_platform_sets_hold_and_are_remembered()
    {
        Ask(1062, "RtdInterval=120");
        Ask(1064, "MinInterval=5");
        var after = new BureauRig(reports: _rig.Reports);

        Assert.Equal((120, 5, 5), (after.Settings.RealtimeSeconds, after.Settings.MinuteInterval, after.Book.MinuteInterval));
    }

    [Fact]
    public void Real_time_data_stops_and_begins_when_the_platform_says_so()
    {
        _rig.Line("dust-1", Ten, "pm10_ugm3=88").ReadAll();
        Ask(2012, "");
        _rig.Talk.Tick(Ten);
        Assert.Empty(_rig.Sent());

        Ask(2011, "");
        _rig.Talk.Tick(Ten);
        Assert.Contains("CN=2011;", Assert.Single(_rig.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public void History_is_what_was_acknowledged_of_that_span()
    {
        _rig.Minutes("dust-1", Ten, [.. Enumerable.Range(1, 30).Select(i => (double)i)]).ReadAll();
        _rig.Report(Ten + 31 * Minute);

        var sent = Ask(2051, "BeginTime=20260305101000;EndTime=20260305102000");

        Assert.Equal(["CP=&&QnRtn=1&&", "DataTime=20260305101000", "DataTime=20260305102000", "CP=&&ExeRtn=1&&"],
            sent.Select(s => s.Contains("DataTime", StringComparison.Ordinal) ? s.Split("CP=&&")[1].Split(';')[0] : s[s.IndexOf("CP=", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Noise_of_the_platform_is_counted_and_passed_over()
    {
        byte[] noise = Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request ##99");
        _rig.Talk.Send(Due(), Ten + 11 * Minute);
        _rig.Talk.Take(noise, Ten);

        Assert.NotNull(Acknowledge("20260305101100000", Ten));
        Assert.True(_rig.Talk.Foreign > 20);
    }

    private Gateway.Bureau.Reports.Report Due()
    {
        _rig.Minutes("dust-1", Ten, 10).ReadAll();
        return _rig.Book.Next(Ten + 11 * Minute)!;
    }

    private Gateway.Bureau.Reports.Report? Acknowledge(string qn, long nowMs) => _rig.Talk.Take(Hj212Rig.Frame($"QN={qn};ST=91;CN=9014;PW=123456;MN={BureauRig.Mn};Flag=4;CP=&&&&"), nowMs);

    private List<string> Ask(int cn, string cp)
    {
        _rig.Talk.Take(Hj212Rig.Frame($"QN=20260305100000000;ST=39;CN={cn};PW=123456;MN={BureauRig.Mn};Flag=5;CP=&&{cp}&&"), Ten);
        return _rig.Sent();
    }
}
