using Gateway.Domain.Presence;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Presence;

/// <summary>Several causes at once, and what each of them explains.</summary>
public sealed class CauseTreeTests
{
    [Fact]
    public void Every_cause_hangs_on_one_that_stands_before_it_and_only_the_first_on_none()
    {
        var order = CauseTree.RootFirst.ToList();
        Assert.Null(CauseTree.ParentOf(order[0]));
        Assert.All(order.Skip(1), cause => Assert.InRange(order.IndexOf(CauseTree.ParentOf(cause)!), 0, order.IndexOf(cause) - 1));
        Assert.Equal((PresenceCause.Port, PresenceCause.Gateway, PresenceCause.Power), (CauseTree.ParentOf("bus"), CauseTree.ParentOf("port"), CauseTree.ParentOf("gateway")));
        Assert.Throws<ArgumentException>(() => CauseTree.ParentOf("silent"));
    }

    [Fact]
    public void Of_any_two_causes_that_hold_the_one_nearer_to_the_root_names_the_time_and_the_other_takes_over_without_a_gap()
    {
        var order = CauseTree.RootFirst;
        for (int root = 0; root < order.Count; root++)
            for (int leaf = root + 1; leaf < order.Count; leaf++)
            {
                var seen = Online();
                seen.Device.CauseLost(At("10:00:10"), order[leaf]);
                Assert.True(seen.Device.CauseLost(At("10:01:00"), order[root]));
                Assert.Equal(order[root], seen.Device.Cause);
                Assert.True(seen.Device.CauseReturned(At("10:02:00"), order[root]));
                Assert.Equal((PresenceState.Unknown, order[leaf]), (seen.Device.State, seen.Device.Cause));
                seen.Device.CauseReturned(At("10:03:00"), order[leaf]);
                seen.Device.Alive(At("10:03:05"));

                Assert.Equal(60_000, seen.Total(PresenceState.Unknown, At("10:03:05"), cause: order[root]));
                Assert.Equal(50_000 + 65_000, seen.Total(PresenceState.Unknown, At("10:03:05"), cause: order[leaf]));
                Assert.Equal(0, seen.Total(PresenceState.Offline, At("10:03:05")));
            }
    }

    [Fact]
    public void A_deeper_cause_that_comes_and_goes_under_one_nearer_to_the_root_changes_nothing()
    {
        var seen = Online();
        seen.Device.CauseLost(At("10:00:10"), PresenceCause.Port);
        Assert.False(seen.Device.CauseLost(At("10:00:20"), PresenceCause.Bus));
        Assert.False(seen.Device.CauseReturned(At("10:00:30"), PresenceCause.Bus));
        Assert.Equal(PresenceCause.Port, seen.Device.Cause);
        Assert.False(seen.Device.Pass(At("10:30:00")));
    }

    [Fact]
    public void Only_when_the_last_cause_is_gone_has_the_device_its_time_to_show_itself()
    {
        var seen = Online();
        seen.Device.CauseLost(At("10:00:10"), PresenceCause.Store);
        seen.Device.CauseLost(At("10:00:20"), PresenceCause.Dtu);
        seen.Device.CauseReturned(At("10:01:00"), PresenceCause.Store);
        Assert.False(seen.Device.Pass(At("10:20:00")));
        seen.Device.CauseReturned(At("10:20:00"), PresenceCause.Dtu);
        Assert.False(seen.Device.Pass(At("10:20:59.999")));
        Assert.True(seen.Device.Pass(At("10:21:00")));
        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), (seen.Device.State, seen.Device.Cause));
    }

    [Fact]
    public void A_live_measurement_shows_that_nothing_stands_between()
    {
        var seen = Online();
        seen.Device.CauseLost(At("10:00:10"), PresenceCause.Dtu);
        seen.Device.CauseLost(At("10:00:11"), PresenceCause.Bus);
        seen.Device.Alive(At("10:00:20"));
        Assert.True(seen.Device.Pass(At("10:01:21")));
        Assert.Equal(PresenceState.Offline, seen.Device.State);
        Assert.False(seen.Device.CauseReturned(At("10:02:00"), PresenceCause.Bus));
        Assert.Equal(PresenceState.Offline, seen.Device.State);
    }

    private static ObservedPresence Online()
    {
        var seen = new ObservedPresence(At("10:00:00"));
        seen.Device.Alive(At("10:00:00"));
        return seen;
    }
}
