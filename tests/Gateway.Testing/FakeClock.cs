namespace Gateway.Testing;

/// <summary>Time that stands still until a test moves it. Timers run on real time.</summary>
public sealed class FakeClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _wall = start ?? new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private long _ticks = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _ticks;
    }

    /// <summary>Time passes, on both clocks.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_gate) (_wall, _ticks) = (_wall + by, _ticks + by.Ticks);
    }

    /// <summary>Somebody sets the wall clock: no time passes.</summary>
    public void StepWall(TimeSpan by)
    {
        lock (_gate) _wall += by;
    }
}
