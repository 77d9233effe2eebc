using Gateway.Diagnostics;
using Gateway.Testing;
using Gateway.Uplink;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class TargetWatchTests
{
    private const int HoldSeconds = 30;

    private readonly FakeClock _clock = new();
    private readonly LaneProgress _lane = new("t", UplinkLedger.Telemetry, rewinds: false);

    [Fact]
    public async Task A_target_that_is_away_for_longer_than_the_hold_time_has_settled_nothing_by_that()
    {
        await using var store = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept);
        var target = new UplinkTargetOptions { Name = "t", Kind = TargetKind.VictoriaMetrics, Url = store.Url, HoldSeconds = HoldSeconds };
        var clock = new GatewayClock(_clock);
        using var watch = new TargetWatch(target, [_lane], TargetWatch.Connect(target, new TargetCredentials(target, _clock), _clock, UplinkNetwork.Sockets), clock, NullLogger.Instance);
        await watch.SureAsync(TestContext.Current.CancellationToken);
        _lane.Answered(new LineRange(0, 10), SendWay.Live, watch.Start, clock.NowMs(), null, []);
        watch.Answered();

        await store.DisposeAsync();
        for (int i = 0; i < 40; i++)
        {
            // What a request that fails does, and the next one before it goes out; and the look every ten seconds.
            watch.Doubt();
            await watch.SureAsync(TestContext.Current.CancellationToken);
            if (i % 5 == 0) await watch.LookAsync(TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal((true, 10), (watch.Readable, _lane.HeldLines));
    }

    [Fact]
    public async Task A_start_that_was_read_and_is_refused_for_a_moment_does_not_leave_the_hold_time_alone()
    {
        await using var store = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept);
        var target = new UplinkTargetOptions { Name = "t", Kind = TargetKind.VictoriaMetrics, Url = store.Url, HoldSeconds = HoldSeconds };
        var clock = new GatewayClock(_clock);
        using var watch = new TargetWatch(target, [_lane], TargetWatch.Connect(target, new TargetCredentials(target, _clock), _clock, UplinkNetwork.Sockets), clock, NullLogger.Instance);
        await watch.LookAsync(TestContext.Current.CancellationToken);
        _lane.Answered(new LineRange(0, 10), SendWay.Live, watch.Start, clock.NowMs(), null, []);

        // 404
        store.Started = null;
        for (int i = 0; i < 9; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            watch.Answered();
            await watch.LookAsync(TestContext.Current.CancellationToken);
            Assert.Equal((true, 10), (watch.Readable, _lane.HeldLines));
        }

        watch.Answered();
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, 0), (watch.Readable, _lane.HeldLines));
        store.Started = "1000";
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.True(watch.Readable);
    }
}
