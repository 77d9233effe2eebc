namespace FirmwareSim.Tests;

/// <summary>
/// A clock that moves only when a test moves it. It has no timers: what it serves must ask for the time, not wait for it.
/// </summary>
internal sealed class HandClock(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _passed;

    public HandClock() : this(new DateTimeOffset(2026, 5, 20, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => start + _passed;

    public void Advance(double seconds) => _passed += TimeSpan.FromSeconds(seconds);
}
