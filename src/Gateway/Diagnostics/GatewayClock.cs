namespace Gateway.Diagnostics;

/// <summary>The gateway's timeline: monotonic, anchored to civil time at boot, so that a step of the wall clock moves nothing.</summary>
/// <remarks>Where the clock was not set at boot the anchor is moved forward once, when it is. Never back.</remarks>
public sealed class GatewayClock
{
    private readonly long _anchorTimestamp;
    private long _anchorMs;

    public GatewayClock(TimeProvider time)
    {
        Time = time;
        (_anchorTimestamp, _anchorMs) = (time.GetTimestamp(), time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public TimeProvider Time { get; }

    /// <summary>Now, ms.</summary>
    public long NowMs() => MsOf(Time.GetTimestamp());

    /// <summary>The moment of a timestamp of <see cref="Time"/>, ms.</summary>
    public long MsOf(long timestamp) => Interlocked.Read(ref _anchorMs) + (long)Time.GetElapsedTime(_anchorTimestamp, timestamp).TotalMilliseconds;

    /// <summary>The moment of a timestamp, µs: for frames, which follow each other faster than milliseconds.</summary>
    public long UsOf(long timestamp) => (Interlocked.Read(ref _anchorMs) * 1_000) + (long)Time.GetElapsedTime(_anchorTimestamp, timestamp).TotalMicroseconds;

    /// <summary>How far civil time is ahead of the timeline, ms: what the wall clock was stepped by since the anchor was set.</summary>
    public long WallSkewMs() => Time.GetUtcNow().ToUnixTimeMilliseconds() - NowMs();

    /// <summary>Moves the anchor: the timeline jumps, no time passes.</summary>
    /// <param name="ms">How far; above 0.</param>
    public void MoveForward(long ms)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ms);
        Interlocked.Add(ref _anchorMs, ms);
    }
}
