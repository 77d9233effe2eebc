using System.Collections.Concurrent;

namespace Gateway.Testing;

/// <summary>Every timer is due at once; what was asked for is written down. A patient loop is tested in no time.</summary>
public sealed class HastyClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _asked = new();
    private long _nowMs = 1_772_676_000_000;

    public IReadOnlyCollection<TimeSpan> Asked => _asked;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(GetTimestamp());

    /// <summary>Time passes by itself.</summary>
    public void Pass(TimeSpan by) => Interlocked.Add(ref _nowMs, (long)by.TotalMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _asked.Enqueue(dueTime);
            Interlocked.Add(ref _nowMs, (long)dueTime.TotalMilliseconds);
            dueTime = TimeSpan.Zero;
        }
        return System.CreateTimer(callback, state, dueTime, period);
    }
}
