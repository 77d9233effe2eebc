using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Xunit;

namespace Gateway.Domain.Tests.Alarms;

/// <summary>Three rises in a minute are one alarm that stays open until it has been quiet for a minute.</summary>
public sealed class AlarmChatterTests
{
    private static readonly AlarmSubject Crane = new(SubjectKind.Device, "crane-1");
    private readonly List<Alarm> _steps = [];
    private readonly AlarmBook _book;

    public AlarmChatterTests() => _book = new AlarmBook("gw-1", _steps.Add);

    [Fact]
    public void The_third_rise_within_a_minute_makes_it_one_that_stays_open()
    {
        Flap(0, 5_000);
        Flap(20_000, 25_000);
        Assert.False(Now().Chattering);
        _book.Raise(Rule(), Crane, 59_000);
        Assert.Equal((true, AlarmState.Unacked, 3), (Now().Chattering, Now().State, Now().Count));
        _book.Return("wind", Crane, 60_000);
        Assert.Equal(AlarmState.Unacked, Now().State);

        _book.Tick(119_999);
        Assert.True(Now().Standing);
        _book.Tick(120_000);
        Assert.Equal((AlarmState.ReturnedUnacked, false, false), (Now().State, Now().Standing, Now().Chattering));
    }

    [Fact]
    public void Three_rises_over_more_than_a_minute_are_three()
    {
        for (int i = 0; i < 5; i++) Flap(i * 31_000, i * 31_000 + 1_000);
        Assert.False(Now().Chattering);
        Assert.Equal((AlarmState.ReturnedUnacked, 5), (Now().State, Now().Count));
    }

    [Fact]
    public void It_is_noticed_also_where_somebody_closes_it_in_between()
    {
        for (int i = 0; i < 3; i++)
        {
            var risen = _book.Raise(Rule(), Crane, i * 10_000);
            _book.Acknowledge(risen.Id, "li", null, i * 10_000 + 1_000);
            _book.Return("wind", Crane, i * 10_000 + 2_000);
        }
        Assert.Equal((true, AlarmState.Acked), (Now().Chattering, Now().State));
        Assert.Equal(3, _book.LastNumber);
    }

    [Fact]
    public void However_fast_it_flaps_the_journal_gets_a_row_every_ten_seconds_and_the_count_is_exact()
    {
        for (int ms = 0; ms < 600_000; ms += 500) Flap(ms, ms + 250);
        Assert.InRange(_steps.Count, 50, 70);
        _book.Tick(700_000);
        Assert.Equal((1_200, AlarmState.ReturnedUnacked), (Now().Count, Now().State));
    }

    [Fact]
    public void While_it_is_over_and_held_a_rise_is_counted_and_the_minute_begins_anew()
    {
        Flap(0, 1_000);
        Flap(2_000, 3_000);
        Flap(4_000, 5_000);
        _book.Raise(Rule(), Crane, 60_000);
        _book.Tick(66_000);
        Assert.True(Now().Standing);
        _book.Return("wind", Crane, 70_000);
        _book.Tick(129_999);
        Assert.True(Now().Standing);
        _book.Tick(130_000);
        Assert.Equal((false, 4), (Now().Standing, Now().Count));
    }

    private void Flap(long upMs, long downMs)
    {
        _book.Raise(Rule(), Crane, upMs);
        _book.Return("wind", Crane, downMs);
    }

    private Alarm Now() => _book.Find(Crane, "wind")!;

    private static Rule Rule() => new("wind", "p", "1", [], false, Severity.High, new LocalText("", ""), new LocalText("", ""), null, new SilentEvaluator());
}
