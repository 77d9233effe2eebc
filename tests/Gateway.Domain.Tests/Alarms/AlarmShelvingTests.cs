using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Xunit;

namespace Gateway.Domain.Tests.Alarms;

public sealed class AlarmShelvingTests
{
    private const long Hour = 3_600_000;

    private static readonly AlarmSubject Crane = new(SubjectKind.Device, "crane-1");
    private readonly List<Alarm> _steps = [];
    private readonly AlarmBook _book;

    public AlarmShelvingTests() => _book = new AlarmBook("gw-1", _steps.Add);

    [Fact]
    public void A_shelved_alarm_comes_back_by_itself_where_its_condition_stands()
    {
        var raised = Raise(Severity.High);
        var shelved = _book.Shelve(raised.Id, "li", "anemometer is changed", 2 * Hour, 1_000, out _)!;
        Assert.Equal((AlarmState.Shelved, "li", 2 * Hour), (shelved.State, shelved.Shelved!.By, shelved.Shelved.UntilMs));

        _book.Tick(2 * Hour - 1);
        Assert.Equal(AlarmState.Shelved, Now().State);
        _book.Tick(2 * Hour);
        Assert.Equal((AlarmState.Unacked, raised.Id, (Shelving?)null), (Now().State, Now().Id, Now().Shelved));
    }

    [Fact]
    public void One_whose_condition_ended_on_the_shelf_is_closed_at_its_end_and_stays_until_then()
    {
        var raised = Raise(Severity.High);
        _book.Shelve(raised.Id, "li", "works", Hour, 1_000, out _);
        _book.Return("wind", Crane, 2_000);
        Assert.Equal((AlarmState.Shelved, false), (Now().State, Now().Standing));
        Raise(Severity.High, 3_000);
        Assert.Equal((AlarmState.Shelved, true, 2), (Now().State, Now().Standing, Now().Count));
        _book.Return("wind", Crane, 4_000);
        _book.Tick(Hour);
        Assert.Empty(_book.Open);
        Assert.Equal(AlarmState.Normal, _steps[^1].State);
    }

    [Fact]
    public void A_critical_one_waits_for_a_second_person()
    {
        var raised = Raise(Severity.Critical);
        var asked = _book.Shelve(raised.Id, "li", "sensor is changed", Hour, 1_000, out _)!;
        Assert.Equal((AlarmState.Unacked, "li"), (asked.State, asked.ShelvingAsked!.By));
        Assert.Null(_book.AgreeToShelve(raised.Id, " LI", 2_000, out var same));
        Assert.Equal(AlarmRefusal.SamePerson, same);
        var agreed = _book.AgreeToShelve(raised.Id, "wang", 3_000, out _)!;
        Assert.Equal((AlarmState.Shelved, "li", "wang", (Shelving?)null), (agreed.State, agreed.Shelved!.By, agreed.Shelved.ApprovedBy, agreed.ShelvingAsked));
    }

    [Fact]
    public void What_was_asked_for_too_long_ago_is_not_agreed_to()
    {
        var raised = Raise(Severity.Critical);
        _book.Shelve(raised.Id, "li", "sensor is changed", Hour, 1_000, out _);
        Assert.Null(_book.AgreeToShelve(raised.Id, "wang", Hour, out var late));
        Assert.Equal(AlarmRefusal.Time, late);
        Assert.Equal(AlarmState.Unacked, Now().State);
    }

    [Theory]
    [InlineData("", 3_600_000, AlarmRefusal.NoReason)]
    [InlineData("  ", 3_600_000, AlarmRefusal.NoReason)]
    [InlineData("works", 1_000, AlarmRefusal.Time)]
    [InlineData("works", 1_000 + 8 * Hour + 1, AlarmRefusal.Time)]
    [InlineData("works", 1_000 + 8 * Hour, AlarmRefusal.None)]
    public void It_takes_a_reason_and_an_end_within_a_shift(string reason, long untilMs, AlarmRefusal expected)
    {
        var raised = Raise(Severity.High);
        Assert.Equal(expected == AlarmRefusal.None, _book.Shelve(raised.Id, "li", reason, untilMs, 1_000, out var refusal) is not null);
        Assert.Equal(expected, refusal);
    }

    [Theory]
    [InlineData(14.2, 13.8, 15.57, false)]
    [InlineData(14.2, 13.8, 15.58, true)]
    [InlineData(-3, -2, -3.19, false)]
    [InlineData(-3, -2, -3.2, true)]
    public void It_breaks_through_when_it_is_a_tenth_of_the_limit_worse(double then, double limit, double now, bool breaks)
    {
        var raised = Raise(Severity.High, 500, then, limit);
        _book.Shelve(raised.Id, "li", "works", Hour, 1_000, out _);
        Assert.True(_book.AnyShelved);
        _book.Seen(Crane, "wind", now, 2_000);
        Assert.Equal(breaks ? AlarmState.Unacked : AlarmState.Shelved, Now().State);
        if (breaks) Assert.Equal((now, 2, (Shelving?)null), (Now().Value!.Value, Now().Count, Now().Shelved));
    }

    [Fact]
    public void A_person_takes_it_from_the_shelf_before_its_time()
    {
        var raised = Raise(Severity.High);
        Assert.Null(_book.Unshelve(raised.Id, 900));
        _book.Shelve(raised.Id, "li", "works", Hour, 1_000, out _);
        Assert.Equal(AlarmState.Unacked, _book.Unshelve(raised.Id, 2_000)!.State);
        _book.Tick(2 * Hour);
        Assert.Equal(AlarmState.Unacked, Now().State);
    }

    [Fact]
    public void After_a_restart_a_shelf_still_ends()
    {
        var raised = Raise(Severity.High);
        var shelved = _book.Shelve(raised.Id, "li", "works", Hour, 1_000, out _)!;
        var next = new AlarmBook("gw-1", _steps.Add);
        next.Restore([shelved], 1);
        next.Tick(Hour);
        Assert.Equal(AlarmState.Unacked, next.Find(raised.Id)!.State);
    }

    [Fact]
    public void Out_of_service_its_alarms_leave_the_wall_new_ones_with_them_and_come_back_as_they_stand()
    {
        Raise(Severity.High);
        _book.Service(Crane, inService: false, 1_000);
        Assert.Equal(AlarmState.OutOfService, Now().State);
        var other = _book.Raise(Rule("load", Severity.High), Crane, 2_000);
        Assert.Equal(AlarmState.OutOfService, other.State);
        _book.Return("wind", Crane, 3_000);
        Assert.Equal((AlarmState.OutOfService, false), (Now().State, Now().Standing));

        _book.Service(Crane, inService: true, 4_000);
        Assert.Equal([("load", AlarmState.Unacked)], _book.Open.Select(a => (a.Rule, a.State)));
        int steps = _steps.Count;
        _book.Service(Crane, inService: true, 5_000);
        Assert.Equal(steps, _steps.Count);
    }

    private Alarm Now() => _book.Find(Crane, "wind")!;

    private Alarm Raise(Severity severity, long atMs = 500, double value = 14.2, double limit = 13.8) => _book.Raise(Rule("wind", severity), Crane, atMs, value, limit);

    private static Rule Rule(string id, Severity severity) => new(id, "p", "1", [], false, severity, new LocalText(id, id), new LocalText("", ""), null, new SilentEvaluator());
}
