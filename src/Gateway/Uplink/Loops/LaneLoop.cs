using System.Threading.Channels;
using Gateway.Diagnostics;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Checking;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;

namespace Gateway.Uplink.Loops;

/// <summary>One connection's work on one lane of one target: reads, checks, sends, notes what was answered. Order is kept within it.</summary>
internal abstract class LaneLoop(UplinkTargetOptions target, LaneProgress progress, LaneSource source, BatchSender sender, GatewayClock clock, string way) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<RefusedLine> _refused = [];

    public string Way => way;

    public BatchSender Sender => sender;

    public LaneCheckFigures Checked => new(Check.TextsDropped, RefusedHere);

    protected UplinkTargetOptions Options => target;

    protected LaneProgress Progress => progress;

    protected LaneSource Source => source;

    protected GatewayClock Clock => clock;

    protected LineCheck Check { get; } = new(dropsTexts: target.Kind == TargetKind.VictoriaMetrics);

    /// <summary>Lines we set aside ourselves since the process began.</summary>
    private long RefusedHere { get; set; }

    public void Wake() => _signal.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancel)
    {
        await PoolHop.Await();
        while (!cancel.IsCancellationRequested)
            if (!await StepAsync(cancel))
            {
                sender.Idle();
                await WaitAsync(cancel);
            }
    }

    public virtual void Dispose()
    {
        source.Dispose();
        sender.Dispose();
    }

    /// <returns>False when there was nothing to do.</returns>
    protected abstract Task<bool> StepAsync(CancellationToken cancel);

    /// <param name="from">Where the range begins that is done with this batch: before its first line where lines were given up.</param>
    /// <param name="counted">False: these points are in the counts already.</param>
    protected async Task SendAsync(long from, LaneBatch batch, SendWay sendWay, bool counted, CancellationToken cancel)
    {
        _refused.Clear();
        var counts = counted && target.ReadBackMinutes > 0 && progress.Lane == UplinkLedger.Telemetry ? new PointCounts() : null;
        var sound = Check.Run(batch.Lines, batch.First, clock.NowMs(), counts);
        foreach (var (line, fault) in Check.Refused) _refused.Add(new RefusedLine(target.Name, progress.Lane, clock.NowMs(), line, fault.Words()));
        RefusedHere += Check.Refused.Count;
        var before = await sender.SendAsync(sound, (line, words) =>
        {
            _refused.Add(new RefusedLine(target.Name, progress.Lane, clock.NowMs(), line.ToArray(), words));
            if (counts is not null) Check.Uncount(counts, line.Span, batch.First);
        }, cancel);
        progress.Answered(new LineRange(from, batch.Next), sendWay, before, clock.NowMs(), counts, _refused);
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        // Where nothing comes: look all the same.
        using var look = clock.Time.CreateTimer(_ => Wake(), null, LookEvery, Timeout.InfiniteTimeSpan);
        if (await _signal.Reader.WaitToReadAsync(cancel)) _signal.Reader.TryRead(out _);
    }
}

/// <param name="TextsDropped">Text fields left out for a target that would make them 0.</param>
/// <param name="Refused">Lines set aside before they were sent.</param>
public readonly record struct LaneCheckFigures(long TextsDropped, long Refused);
