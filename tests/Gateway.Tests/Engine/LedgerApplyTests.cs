using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Another ledger under a running engine.</summary>
public sealed class LedgerApplyTests
{
    private readonly EngineRun _run = new(TestSite.Ten);

    private TestSite Site => _run.Site;

    [Fact]
    public void Twenty_ledgers_do_not_cost_a_device_a_millisecond()
    {
        _run.Measure("c1", "load_t", 1);
        int closed = _run.Closed.Count(i => i.Device == Site.IndexOf("c1"));
        for (int i = 0; i < 20; i++)
        {
            _run.Pass(15);
            // Names, other devices, operators: nothing that concerns its presence.
            var devices = Site.Ledger.Devices.Where(d => d.Id != (i % 2 == 0 ? "c2" : "v1")).Select(d => d.Id == "c1" ? d with { Place = $"gate {i}", Safety = i % 3 > 0 } : d);
            _run.Apply(Site.With(devices) with { Operators = i % 2 == 0 ? [] : Site.Ledger.Operators });
            _run.Measure("c1", "load_t", i);
        }
        Assert.Equal(closed, _run.Closed.Count(i => i.Device == Site.IndexOf("c1")));
        Assert.Equal(300_000, _run.Total("c1", PresenceState.Online));
    }

    [Fact]
    public void A_device_that_is_added_begins_unknown_and_is_online_with_its_first_measurement()
    {
        _run.Pass(10);
        _run.Apply(Site.With([.. Site.Ledger.Devices, Crane("c9")]));
        Assert.Equal((PresenceState.Unknown, ""), _run.PresenceOf("c9"));
        _run.Measure("c9", "load_t", 1);
        Assert.Equal((PresenceState.Online, ""), _run.PresenceOf("c9"));
        Assert.Equal("c9", _run.Engine.DeviceOf(Site.IndexOf("c9")).Id);
        Assert.Contains(_run.Engine.View(_run.NowMs, 0, _ => 0).Devices, d => d.Id == "c9");
    }

    [Fact]
    public void A_device_that_says_nothing_after_it_was_added_is_offline_after_its_patience()
    {
        _run.Apply(Site.With([.. Site.Ledger.Devices, Crane("c9")]));
        _run.Pass(61);
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("c9"));
    }

    [Fact]
    public void A_device_that_leaves_is_closed_and_its_alarms_return()
    {
        _run.Measure("c1", "moment_pct", 120);
        Assert.NotNull(_run.Open("c1", "crane-moment-alarm"));
        int index = Site.IndexOf("c1");
        _run.Pass(10);
        _run.Apply(Site.With(Site.Ledger.Devices.Where(d => d.Id != "c1")));
        Assert.Equal(new PresenceInterval(index, PresenceState.Online, "", _run.NowMs - 10_000, _run.NowMs), _run.Closed.Last(i => i.Device == index));
        Assert.Equal(PresenceState.NotInService, _run.Said.OfType<PresenceChanged>().Last(c => c.Device == index).State);
        Assert.False(_run.Steps.Last(a => a.Subject.Id == "c1").Standing);
        // What is still on its way from it is nobody's.
        int said = _run.Said.Count;
        _run.Do(e => e.Read(new Reading { Device = index, Kind = ReadingKind.Measurement, ReceivedAtMs = _run.NowMs }, []));
        _run.Do(e => e.Died(index, PresenceCause.Will, _run.NowMs));
        _run.Do(e => e.LinkChanged(index, up: false, _run.NowMs));
        Assert.Equal(said, _run.Said.Count);
    }

    [Fact]
    public void A_stranger_that_is_adopted_leaves_the_list_and_its_alarm_returns()
    {
        const string address = "site/s1/crane/c9";
        var route = Site.Directory.Unregistered(LinkKind.Mqtt, address, "c9", Site.Catalog["crane-json"], out _)!;
        var stranger = new UnregisteredDevice(route.Index, "mqtt", address, "crane", "");
        _run.Do(e => e.Unregistered(stranger, _run.NowMs));
        Assert.NotNull(_run.Open($"mqtt:{address}", "device-unregistered"));
        _run.Apply(Site.With([.. Site.Ledger.Devices, Crane("c9")]));
        Assert.Empty(_run.Engine.View(_run.NowMs, 0, _ => 0).Unregistered);
        Assert.False(_run.Open($"mqtt:{address}", "device-unregistered")!.Standing);
        // A word that was under way as a stranger's does not bring it back.
        _run.Do(e => e.Unregistered(stranger, _run.NowMs));
        _run.Do(e => e.Read(new Reading { Device = route.Index, Kind = ReadingKind.Measurement, ReceivedAtMs = _run.NowMs }, []));
        Assert.Empty(_run.Engine.View(_run.NowMs, 0, _ => 0).Unregistered);
        Assert.False(_run.Open($"mqtt:{address}", "device-unregistered")!.Standing);
    }

    [Fact]
    public void Patience_that_changes_under_way_holds_from_then_on()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(50);
        _run.Apply(Site.With(Changed("c1", d => d with { OfflineAfterMs = 90_000 })));
        _run.Pass(39);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        _run.Pass(2);
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("c1"));
        // Offline from when the next message was due.
        Assert.Equal(20_000, _run.Total("c1", PresenceState.Online));
    }

    [Fact]
    public void Another_profile_keeps_the_presence_and_the_alarms_it_can_still_judge()
    {
        _run.Measure("c1", "wind_mps", 25);
        _run.Measure("c1", "moment_pct", 120);
        _run.Pass(5);
        Assert.NotNull(_run.Open("c1", "crane-moment-alarm"));
        long since = _run.Engine.Presences().First(p => p.Device == Site.IndexOf("c1")).Presence.IntervalFromMs;
        _run.Apply(Site.With(Changed("c1", d => d with { Profile = "goyo-crane-json" })));
        var now = _run.Engine.Presences().First(p => p.Device == Site.IndexOf("c1")).Presence;
        Assert.Equal((PresenceState.Online, since), (now.State, now.IntervalFromMs));
        // That profile knows no load moment in per cent.
        Assert.False(_run.Open("c1", "crane-moment-alarm")!.Standing);
        _run.Measure("c1", "height_m", 3);
        _run.Pass(61);
        Assert.Equal(PresenceState.Offline, _run.PresenceOf("c1").State);
    }

    [Fact]
    public void An_alarm_that_still_applies_goes_on_as_the_same_one()
    {
        _run.Measure("c1", "moment_pct", 120);
        string id = _run.Open("c1", "crane-moment-alarm")!.Id;
        _run.Apply(Site.With(Changed("c1", d => d with { Safety = false, Place = "north" })));
        _run.Measure("c1", "moment_pct", 121);
        Assert.Equal((id, 1), (_run.Open("c1", "crane-moment-alarm")!.Id, _run.Open("c1", "crane-moment-alarm")!.Count));
        _run.Measure("c1", "moment_pct", 10);
        _run.Pass(30);
        _run.Measure("c1", "moment_pct", 10);
        Assert.False(_run.Open("c1", "crane-moment-alarm")!.Standing);
    }

    [Fact]
    public void A_device_that_moves_behind_a_lost_bus_is_unknown_and_one_that_leaves_it_gets_its_patience()
    {
        _run.Measure("w1", "wind_mps", 1);
        _run.Measure("c1", "load_t", 1);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "pulled", _run.NowMs));
        _run.Apply(Site.With(Changed("c1", d => d with { Bus = "b1" }).Select(d => d.Id == "w1" ? d with { Link = LinkKind.Hj212, Bus = null, Address = "w1" } : d)));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Bus), _run.PresenceOf("c1"));
        _run.Pass(59);
        Assert.Equal((PresenceState.Unknown, PresenceCause.Bus), _run.PresenceOf("w1"));
        _run.Pass(2);
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), _run.PresenceOf("w1"));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Bus), _run.PresenceOf("w2"));
    }

    [Fact]
    public void A_bus_that_leaves_takes_its_alarm_with_it()
    {
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "pulled", _run.NowMs));
        Assert.True(_run.Open("b1", "bus-lost")!.Standing);
        _run.Apply(Site.With(Site.Ledger.Devices.Where(d => d.Bus is null)) with { Buses = [] });
        Assert.False(_run.Open("b1", "bus-lost")!.Standing);
        _run.Do(e => e.PortOpened("b1", _run.NowMs));
    }

    [Fact]
    public void Days_of_service_that_change_hold_at_once()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(10);
        _run.Apply(Site.With(Changed("c1", d => d with { InServiceTo = new DateOnly(2026, 3, 4) })));
        Assert.Equal(PresenceState.NotInService, _run.PresenceOf("c1").State);
        _run.Apply(Site.Ledger);
        Assert.Equal((PresenceState.Unknown, ""), _run.PresenceOf("c1"));
    }

    private Device Crane(string id) => Site.Ledger.Devices[0] with { Id = id, Address = $"site/s1/crane/{id}" };

    private IEnumerable<Device> Changed(string id, Func<Device, Device> change) => Site.Ledger.Devices.Select(d => d.Id == id ? change(d) : d);
}
