using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Xunit;

namespace Gateway.Domain.Tests.Alarms;

public sealed class AlarmBookTests
{
    private static readonly AlarmSubject Crane = new(SubjectKind.Device, "crane-1"), Bus = new(SubjectKind.Bus, "bus-1");
    private readonly List<Alarm> _steps = [];
    private readonly AlarmBook _book;

    public AlarmBookTests() => _book = new AlarmBook("gw-1", _steps.Add);

    [Fact]
    public void One_subject_and_rule_have_one_open_alarm_and_a_second_rise_changes_nothing()
    {
        var first = _book.Raise(Rule("wind"), Crane, 1_000, 14.2, 13.8);
        var again = _book.Raise(Rule("wind"), Crane, 2_000, 15, 13.8);
        _book.Raise(Rule("load"), Crane, 2_000);
        _book.Raise(Rule("wind"), Bus, 2_000);

        Assert.Same(first, again);
        Assert.Equal(3, _book.Open.Count);
        Assert.Equal(3, _steps.Count);
        Assert.Equal(14.2, _book.Find(Crane, "wind")!.Value);
    }

    [Fact]
    public void An_alarm_that_comes_back_unseen_is_the_same_one_counted_again()
    {
        var first = _book.Raise(Rule("wind"), Crane, 1_000, 14, 13.8);
        _book.Return("wind", Crane, 2_000);
        Assert.Equal((AlarmState.ReturnedUnacked, 2_000L), (_steps[^1].State, _steps[^1].ReturnedAtMs!.Value));

        var again = _book.Raise(Rule("wind"), Crane, 3_000, 16, 13.8);

        Assert.Equal((first.Id, AlarmState.Unacked, 2, 1_000, 3_000), (again.Id, again.State, again.Count, again.RaisedAtMs, again.ChangedAtMs));
        Assert.Null(again.ReturnedAtMs);
        Assert.Equal(16, again.Value);
    }

    [Fact]
    public void An_alarm_closes_when_it_is_over_and_seen_in_either_order()
    {
        string a = _book.Raise(Rule("a"), Crane, 1).Id, b = _book.Raise(Rule("b"), Crane, 1).Id;
        var seen = _book.Acknowledge(a, "li", "going up", 2)!;
        Assert.Equal((AlarmState.Acked, "li", "going up", 2L), (seen.State, seen.AckedBy, seen.Note, seen.AckedAtMs!.Value));
        _book.Return("a", Crane, 3);
        _book.Return("b", Crane, 3);
        Assert.Equal(AlarmState.Normal, _book.Acknowledge(b, "li", null, 4)!.State);

        Assert.Empty(_book.Open);
        Assert.Null(_book.Find(a));
        Assert.Null(_book.Acknowledge(a, "li", null, 5));
        var later = _book.Raise(Rule("a"), Crane, 6);
        Assert.NotEqual(a, later.Id);
        Assert.Equal((3, 1), (later.Number, later.Count));
    }

    [Fact]
    public void Under_a_root_an_alarm_is_suppressed_names_it_and_is_released_unseen()
    {
        var root = _book.Raise(Rule("bus"), Bus, 1);
        var silent = _book.Raise(Rule("silent"), Crane, 1);
        _book.Acknowledge(silent.Id, "li", null, 2);

        _book.Suppress(_book.Find(silent.Id)!, root, 3);
        Assert.Equal((AlarmState.Suppressed, root.Id), (_steps[^1].State, _steps[^1].Root));
        Assert.True(_book.Find(silent.Id)!.Standing);
        Assert.Null(_book.Acknowledge(silent.Id, "li", null, 4));

        _book.Release(_book.Find(silent.Id)!, 5);
        Assert.Equal((AlarmState.Unacked, (string?)null, silent.Id), (_steps[^1].State, _steps[^1].Root, _steps[^1].Id));
    }

    [Fact]
    public void After_a_restart_open_alarms_and_their_numbers_go_on()
    {
        var open = _book.Raise(Rule("wind"), Crane, 1_000);
        var next = new AlarmBook("gw-1", _ => { });
        next.Restore([open], 41);

        Assert.Same(open, next.Raise(Rule("wind"), Crane, 9_000));
        Assert.Equal(42, next.Raise(Rule("load"), Crane, 9_000).Number);
    }

    private static Rule Rule(string id) => new(id, "p", "1", [], false, Severity.High, new LocalText(id, id), new LocalText("", ""), null, new SilentEvaluator());
}
