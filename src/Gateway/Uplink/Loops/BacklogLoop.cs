using Gateway.Diagnostics;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Quarantine;
using Gateway.Uplink.Sending;

namespace Gateway.Uplink.Loops;

/// <summary>Drains what live left behind, oldest first, over a connection of its own: shaped to a rate, and after live where both have something to send. Replays of quarantined lines go this way too.</summary>
internal sealed class BacklogLoop(UplinkTargetOptions target, LaneProgress progress, LaneSource source, BatchSender sender, GatewayClock clock, LiveLoop live, QuarantineReplay replay)
    : LaneLoop(target, progress, source, sender, clock, UplinkWay.Backlog)
{
    /// <summary>Live has the first word, but not for ever.</summary>
    private const int YieldsMax = 20;
    private static readonly TimeSpan Yield = TimeSpan.FromMilliseconds(50);

    private long _freeAtMs;

    protected override async Task<bool> StepAsync(CancellationToken cancel)
    {
        bool replayed = await replay.RunAsync(Sender, Check, Progress, cancel);
        if (Progress.Waiting() is not var (range, way)) return replayed;
        for (int i = 0; live.Behind && i < YieldsMax; i++) await Task.Delay(Yield, Clock.Time, cancel);
        var batch = Source.Read(range.From, (int)Math.Min(Options.BatchLines, range.Lines));
        // Nothing of it is left, or it begins later: the lines between were given up under the budget, which the store has counted.
        if (batch.Count == 0 || batch.First >= range.To) batch = new LaneBatch(default, 0, range.To, range.To, 0);
        else if (batch.Next > range.To) batch = Source.Read(batch.First, (int)(range.To - batch.First));
        await SendAsync(range.From, batch, way, counted: way == SendWay.Backlog, cancel);
        await ShapeAsync(batch.Count, cancel);
        return true;
    }

    private async Task ShapeAsync(int lines, CancellationToken cancel)
    {
        if (Options.BacklogLinesPerSecond == 0) return;
        long nowMs = Clock.NowMs();
        _freeAtMs = Math.Max(_freeAtMs, nowMs) + lines * 1000L / Options.BacklogLinesPerSecond;
        if (_freeAtMs > nowMs) await Task.Delay(TimeSpan.FromMilliseconds(_freeAtMs - nowMs), Clock.Time, cancel);
    }
}
