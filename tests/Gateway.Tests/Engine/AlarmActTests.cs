using Gateway.Domain.Alarms;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What people do about alarms, on the engine with its packs.</summary>
public sealed class AlarmActTests
{
    private const string Rule = "crane-moment-alarm";

    private readonly EngineRun _run = new(TestSite.Ten);

    [Fact]
    public void A_shelved_alarm_breaks_through_when_the_measurement_is_clearly_worse_and_not_before()
    {
        string id = Raise(104);
        _run.Do(e => e.Alarms.Shelve(id, "li", "load cell is calibrated", _run.NowMs + 3_600_000, _run.NowMs, out _));
        _run.Measure("c1", "moment_pct", 113);
        Assert.Equal(AlarmState.Shelved, Open().State);
        _run.Measure("c1", "moment_pct", 114);
        Assert.Equal((AlarmState.Unacked, id, 114.0), (Open().State, Open().Id, Open().Value!.Value));
    }

    [Fact]
    public void A_shelf_ends_with_its_time_although_the_device_says_nothing_any_more()
    {
        string id = Raise(104);
        _run.Do(e => e.Alarms.Shelve(id, "li", "load cell is calibrated", _run.NowMs + 600_000, _run.NowMs, out _));
        _run.Pass(599, tickMs: 1_000);
        Assert.Equal(AlarmState.Shelved, Open().State);
        _run.Pass(2);
        Assert.Equal((AlarmState.Unacked, id), (Open().State, Open().Id));
    }

    [Fact]
    public void A_shelf_outlives_a_restart_and_ends_with_its_time()
    {
        string id = Raise(104);
        _run.Do(e => e.Alarms.Shelve(id, "li", "load cell is calibrated", _run.NowMs + 600_000, _run.NowMs, out _));
        _run.Restart(downSeconds: 60);
        Assert.Equal(AlarmState.Shelved, Open().State);
        _run.Pass(541, tickMs: 1_000);
        Assert.Equal((AlarmState.Unacked, id), (Open().State, Open().Id));
    }

    [Fact]
    public void A_flapping_measurement_is_one_alarm_that_ends_when_it_has_been_quiet_for_a_minute()
    {
        for (int i = 0; i < 20; i++)
        {
            _run.Measure("c1", "moment_pct", 104);
            _run.Pass(2);
            _run.Measure("c1", "moment_pct", 20);
            _run.Pass(4);
            _run.Measure("c1", "moment_pct", 20);
            _run.Pass(1);
        }
        Assert.Equal((true, 20), (Open().Chattering, Open().Count));
        _run.Pass(70);
        Assert.Equal((AlarmState.ReturnedUnacked, false), (Open().State, Open().Chattering));
        Assert.Single(_run.Steps.Select(a => (a.Rule, a.Id)).Where(a => a.Rule == Rule).Distinct());
    }

    private string Raise(double momentPct)
    {
        _run.Measure("c1", "moment_pct", momentPct);
        return Open().Id;
    }

    private Alarm Open() => _run.Open("c1", Rule)!;
}
