using Gateway.Domain.Alarms;
using Gateway.Domain.Compliance;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>When machines work: crane c9 is the safety device of tower crane tc9; p9 hangs on the same machine and shows its own work.</summary>
public sealed class WorkTests
{
    private const long Minute = 60_000;

    private static readonly long Ten = TestSite.Ten;

    private readonly EngineRun _run = new(Ten, new TestSite(
        moreDevices: """
            , { "id": "c9", "name": "9#", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "machine": "tc9", "inService": "2026-01-01" }
            , { "id": "p9", "name": "9# 功率", "kind": "piling", "profile": "piling-json", "link": "mqtt", "machine": "tc9", "inService": "2026-01-01" }
            """,
        moreSections: """ "machines": [ { "id": "tc9", "name": "9# 塔机", "type": "tower-crane" } ],"""));

    private IReadOnlyList<WorkingInterval> Work(string device) => [.. _run.Said.OfType<WorkClosed>().Select(w => w.Work).Where(w => w.Device == device)];

    [Fact]
    public void A_stretch_lasts_from_the_first_sample_that_shows_work_to_the_first_that_does_not()
    {
        Lift("c1", 5, minutes: 10, person: "op-1");
        Lift("c1", 0, minutes: 1, person: "op-1");

        Assert.Equal([new WorkingInterval("c1", Ten, Ten + 10 * Minute, "op-1")], Work("c1"));
    }

    [Fact]
    public void Three_hours_and_twenty_minutes_over_a_change_of_operator_and_midnight_are_cut_where_they_must_be()
    {
        _run.PassTo(Ten + (12 * 60 + 40) * Minute);
        long from = _run.NowMs, midnight = Ten + 14 * 60 * Minute;
        Lift("c1", 5, minutes: 50, person: "op-1");
        Lift("c1", 5, minutes: 150, person: "op-2");
        Lift("c1", 0, minutes: 1, person: "op-2");

        var work = Work("c1");
        Assert.Equal(200 * Minute, work.Sum(w => w.ToMs - w.FromMs));
        Assert.Equal(
            [(from, from + 50 * Minute, "op-1"), (from + 50 * Minute, midnight, "op-2"), (midnight, midnight + 60 * Minute, "op-2"), (midnight + 60 * Minute, midnight + 120 * Minute, "op-2")],
            work.Select(w => (w.FromMs, w.ToMs, w.Operator!)));
    }

    [Fact]
    public void A_gap_that_is_not_bridged_ends_the_stretch_where_the_last_sample_was()
    {
        Lift("c1", 5, minutes: 2, person: "op-1");
        _run.Pass(300);
        Lift("c1", 5, minutes: 1, person: "op-1");
        Lift("c1", 0, minutes: 1, person: "op-1");

        Assert.Equal([(Ten, Ten + 2 * Minute - 10_000), (Ten + 7 * Minute, Ten + 8 * Minute)], Work("c1").Select(w => (w.FromMs, w.ToMs)));
    }

    [Fact]
    public void Samples_out_of_range_show_no_work()
    {
        for (int i = 0; i < 10; i++)
        {
            _run.Measure("c1", "load_t", 500, Domain.Readings.SampleQuality.OutOfRange);
            _run.Pass(10);
        }
        _run.Measure("c1", "load_t", 0);

        Assert.Empty(Work("c1"));
    }

    [Fact]
    public void What_another_device_of_the_machine_shows_while_the_safety_device_is_silent_is_booked_to_it_and_is_an_alarm_that_names_the_evidence()
    {
        Both(5, minutes: 5);
        long silentFrom = _run.NowMs - 10_000;
        Drill(3, minutes: 10);
        long until = _run.NowMs;
        Drill(0, minutes: 1);

        var alarm = Assert.IsType<Alarm>(_run.Open("c9", "safety-bypass"));
        Assert.Equal(("p9", AlarmState.Unacked), (alarm.Cause, alarm.State));
        var seen = Assert.Single(Work("c9"), w => w.Evidence is not null);
        Assert.Equal("p9", seen.Evidence);
        Assert.Equal((silentFrom + _run.Site.Ledger.Devices[_run.Site.IndexOf("c9")].ExpectedMs, until), (seen.FromMs, seen.ToMs));
        Assert.Empty(Work("p9"));

        _run.Measure("c9", "load_t", 0);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("c9", "safety-bypass")!.State);
    }

    [Fact]
    public void While_the_safety_device_speaks_it_alone_is_believed()
    {
        Both(0, minutes: 5);

        Assert.Empty(Work("c9"));
        Assert.Null(_run.Open("c9", "safety-bypass"));
    }

    [Fact]
    public void Silence_without_work_is_no_bypass()
    {
        Both(0, minutes: 1);
        Drill(0, minutes: 30);

        Assert.Null(_run.Open("c9", "safety-bypass"));
        Assert.NotNull(_run.Open("c9", "device-silent"));
    }

    [Fact]
    public void A_stretch_kept_before_a_crash_is_closed_as_it_was_kept()
    {
        var kept = new WorkingInterval("c1", Ten - 30 * Minute, Ten - Minute, "op-1");
        var engine = _run.Site.Engine(Ten);
        engine.Output.Clear();

        engine.Restore(new EngineMemory(Ten - Minute, new Dictionary<string, PresenceMemory>(), [], new Dictionary<string, WorkMemory>(), [], 0) { WorkOpen = [kept] }, Ten);

        Assert.Equal([kept], engine.Output.Transitions.OfType<WorkClosed>().Select(w => w.Work));
    }

    private void Lift(string device, double load, int minutes, string person)
    {
        int name = _run.Site.Texts.NumberOf(System.Text.Encoding.UTF8.GetBytes(person));
        for (int i = 0; i < minutes * 6; i++)
        {
            _run.Read(device, Domain.Readings.ReadingKind.Measurement, 0, _run.Site.Sample(device, "load_t", load), _run.Site.Sample(device, "operator", name));
            _run.Pass(10, tickMs: 1_000);
        }
    }

    private void Both(double load, int minutes)
    {
        for (int i = 0; i < minutes * 6; i++)
        {
            _run.Measure("c9", "load_t", load);
            _run.Measure("p9", "depth_m", 3);
            _run.Pass(10, tickMs: 1_000);
        }
    }

    private void Drill(double depth, int minutes)
    {
        for (int i = 0; i < minutes * 6; i++)
        {
            _run.Measure("p9", "depth_m", depth);
            _run.Pass(10, tickMs: 1_000);
        }
    }
}
