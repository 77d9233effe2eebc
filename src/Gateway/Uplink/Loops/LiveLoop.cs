using Gateway.Diagnostics;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink.Loops;

/// <summary>Sends a lane from the tail, as it comes. Telemetry that lags is left to the backlog; alarms are always sent in their order, all of them.</summary>
/// <param name="tail">First line that is not there yet; null in lane one, which nobody leaves behind.</param>
/// <param name="backlog">Woken when lines were left to it.</param>
internal sealed class LiveLoop(UplinkTargetOptions target, LaneProgress progress, LaneSource source, BatchSender sender, GatewayClock clock, string way, Func<long>? tail, Action backlog, ILogger log)
    : LaneLoop(target, progress, source, sender, clock, way)
{
    private volatile bool _behind;
    private long _oldestMs;

    /// <summary>There is more to send live than one request takes.</summary>
    public bool Behind => _behind;

    /// <summary>When the oldest line was received that is on its way or waits, or null when there is none.</summary>
    public long? OldestReceivedMs => Volatile.Read(ref _oldestMs) is > 0 and var ms ? ms : null;

    protected override async Task<bool> StepAsync(CancellationToken cancel)
    {
        long from = Progress.Next;
        var batch = Source.Read(from, Options.BatchLines);
        _behind = batch.Count >= Options.BatchLines;
        Volatile.Write(ref _oldestMs, batch.ReceivedMs);
        if (batch.Count == 0) return false;
        if (tail is not null && Clock.NowMs() - batch.ReceivedMs is var lagMs && lagMs > 1000L * Options.LiveLagSeconds)
        {
            UplinkLog.LeftBehind(log, Progress.Target, lagMs / 1000, Progress.LeaveBehind(Math.Max(tail(), batch.Next)));
            backlog();
            return true;
        }
        await SendAsync(from, batch, SendWay.Live, counted: true, cancel);
        if (batch.Count < Options.BatchLines && Options.LingerMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(Options.LingerMs), Clock.Time, cancel);
        return true;
    }
}
