namespace Gateway.Diagnostics;

/// <summary>The gateway's timeline: monotonic, anchored to civil time once at boot, so that a step of the wall clock moves nothing.</summary>
public sealed class GatewayClock
{
    private readonly long _anchorTimestamp;
    private readonly long _anchorMs;

    public GatewayClock(TimeProvider time)
    {
        Time = time;
        (_anchorTimestamp, _anchorMs) = (time.GetTimestamp(), time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public TimeProvider Time { get; }

    /// <summary>Now, ms.</summary>
    public long NowMs() => MsOf(Time.GetTimestamp());

    /// <summary>The moment of a timestamp of <see cref="Time"/>, ms.</summary>
    public long MsOf(long timestamp) => _anchorMs + (long)Time.GetElapsedTime(_anchorTimestamp, timestamp).TotalMilliseconds;

    /// <summary>The moment of a timestamp, µs: for frames, which follow each other faster than milliseconds.</summary>
    public long UsOf(long timestamp) => (_anchorMs * 1_000) + (long)Time.GetElapsedTime(_anchorTimestamp, timestamp).TotalMicroseconds;

    /// <summary>How far civil time is ahead of the timeline, ms: what the wall clock was stepped by since boot.</summary>
    public long WallSkewMs() => Time.GetUtcNow().ToUnixTimeMilliseconds() - NowMs();
}
