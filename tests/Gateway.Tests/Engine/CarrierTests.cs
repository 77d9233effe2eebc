using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What lies between us and several devices: a DTU, our own store; and the end of the last run.</summary>
public sealed class CarrierTests
{
    private const string Dtu = "dtu-1";

    private const string Behind = """
        , { "id": "d1", "name": "a", "kind": "crane", "profile": "crane-json", "link": "mqtt", "login": "dtu-1", "safety": true, "inService": "2026-01-01" },
        { "id": "d2", "name": "b", "kind": "crane", "profile": "crane-json", "link": "mqtt", "login": "dtu-1", "safety": true, "inService": "2026-01-01" },
        { "id": "s1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "login": "lone", "safety": true, "inService": "2026-01-01" } ],
        "clients": [ { "id": "dtu-1", "name": { "zh": "转接", "en": "Yard DTU" } }, { "id": "lone", "name": "l" }
        """;

    private readonly EngineRun _run = new(TestSite.Ten, new TestSite(moreDevices: Behind));

    [Fact]
    public void A_device_that_no_longer_comes_in_through_a_DTU_that_never_came_is_judged_by_its_own_silence()
    {
        Assert.Equal(PresenceState.Unknown, _run.PresenceOf("d1").State);
        var site = _run.Site;
        _run.Apply(site.With(site.Ledger.Devices.Select(d => d.Id == "d1" ? d with { Login = null } : d)));
        _run.Pass(400, tickMs: 1_000);
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("d1"));
    }

    [Fact]
    public void A_lost_dtu_is_one_alarm_and_an_unknown_for_all_behind_it_until_their_own_next_measurement()
    {
        _run.Do(e => e.ClientBack(Dtu, _run.NowMs));
        foreach (string device in new[] { "d1", "d2", "c1" }) _run.Measure(device, "load_t", 1);
        _run.Pass(5);
        _run.Do(e => e.ClientLost(Dtu, "closed by the client", _run.NowMs));
        _run.Do(e => e.Died(_run.Site.IndexOf("d1"), PresenceCause.Will, _run.NowMs));
        _run.Pass(300);

        foreach (string device in new[] { "d1", "d2" }) Assert.Equal((PresenceState.Unknown, PresenceCause.Dtu), _run.PresenceOf(device));
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("c1"));
        var root = _run.Open(Dtu, "dtu-lost")!;
        Assert.Equal((SubjectKind.Client, "closed by the client", "Yard DTU"), (root.Subject.Kind, root.Cause, _run.Engine.ViewOf(root, 1).Subject.Name.En));
        Assert.Null(_run.Open("d1", "device-silent"));

        _run.Do(e => e.ClientBack(Dtu, _run.NowMs));
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open(Dtu, "dtu-lost")!.State);
        _run.Pass(7);
        _run.Measure("d1", "load_t", 1);
        _run.Pass(54);
        Assert.Equal(307_000, _run.Total("d1", PresenceState.Unknown, PresenceCause.Dtu));
        Assert.Equal(0, _run.Total("d1", PresenceState.Offline));
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("d2"));
    }

    [Fact]
    public void Until_a_dtu_came_or_was_missed_nothing_is_said_of_what_is_behind_it()
    {
        _run.Pass(300);
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), _run.PresenceOf("d1"));
        // A client of one device is that device.
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("s1"));
        _run.Do(e => e.ClientLost("lone", "closed", _run.NowMs));
        Assert.DoesNotContain(_run.Steps, a => a.Subject.Kind == SubjectKind.Client);
        _run.Do(e => e.ClientLost(Dtu, "did not come", _run.NowMs));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Dtu), _run.PresenceOf("d1"));
    }

    [Fact]
    public void While_the_store_refused_nobody_was_silent()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(10);
        long refused = _run.NowMs;
        long works = refused + 120_000;
        _run.Do(e => e.StoreLost(refused));
        _run.Do(e => e.StoreBack(works));
        _run.PassTo(works + 3_000);
        _run.Measure("c1", "load_t", 1);

        Assert.Equal(123_000, _run.Total("c1", PresenceState.Unknown, PresenceCause.Store));
        Assert.Equal(0, _run.Total("c1", PresenceState.Offline));
        Assert.Equal(10_000, _run.Total("c1", PresenceState.Online));
    }

    [Fact]
    public void A_bus_that_is_lost_while_the_store_stands_still_takes_over_when_the_store_works()
    {
        _run.Measure("w1", "wind_mps", 3);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "gone", _run.NowMs));
        _run.Pass(10);
        long refused = _run.NowMs;
        _run.Do(e => e.StoreLost(refused));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Store), _run.PresenceOf("w1"));
        _run.Do(e => e.StoreBack(refused + 30_000));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Bus), _run.PresenceOf("w1"));
        _run.PassTo(refused + 40_000);
        Assert.Equal((30_000, 20_000), (_run.Total("w1", PresenceState.Unknown, PresenceCause.Store), _run.Total("w1", PresenceState.Unknown, PresenceCause.Bus)));
    }

    [Fact]
    public void A_port_that_becomes_a_bus_is_over_with_one_return()
    {
        _run.Do(e => e.PortLost("b1", PresenceCause.Port, "no such file", _run.NowMs));
        _run.Pass(10);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "pulled", _run.NowMs));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Bus), _run.PresenceOf("w1"));
        _run.Do(e => e.PortOpened("b1", _run.NowMs));
        _run.Pass(61);
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("w1"));
    }

    [Fact]
    public void Skipped_time_is_unknown_and_the_new_day_has_its_part_of_it()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(10);
        long from = _run.NowMs, to = from + 24 * 3_600_000;
        _run.Do(e => e.Skip(from, to));
        _run.Pass((to + 5_000 - from) / 1000.0, tickMs: 86_400_000);
        _run.Measure("c1", "load_t", 1);

        Assert.Equal(86_400_000, _run.Total("c1", PresenceState.Unknown, PresenceCause.Clock));
        Assert.Equal((15_000, 0), (_run.Total("c1", PresenceState.Online), _run.Total("c1", PresenceState.Offline)));
        var (online, required) = _run.Engine.Presences().First(p => p.Device == _run.Site.IndexOf("c1")).Presence.Today(to + 5_000);
        Assert.Equal((5_000, to + 5_000 - _run.Engine.DayFromMs), (online, required));
        Assert.True(_run.Engine.DayFromMs > from);
        // What stands open is what a restart takes up.
        Assert.Equal(to, _run.Said.OfType<PresenceChanged>().Last(c => c.Device == _run.Site.IndexOf("c1")).IntervalFromMs);
    }
}
