namespace FirmwareSim;

/// <summary>The site's two clocks: the wall clock devices stamp with, and the time of the machines' story (never steps back).</summary>
internal sealed class SiteClock(TimeProvider time)
{
    /// <summary>Beijing time, what HJ 212 devices write and what people on the site live by; the country has no daylight saving.</summary>
    public static readonly TimeSpan BeijingOffset = TimeSpan.FromHours(8);

    /// <summary>The site has been at work for a while when the first device reports: cranes are in the middle of a lift.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(10);

    private readonly long _startedAt = time.GetTimestamp();

    public TimeProvider Time => time;

    /// <summary>The hour of the day in Beijing when the machines' story began, 0..24.</summary>
    public double StartHour { get; } = (time.GetUtcNow() - WarmUp).ToOffset(BeijingOffset).TimeOfDay.TotalHours;

    public TimeSpan SinceStart => WarmUp + time.GetElapsedTime(_startedAt);

    public DateTimeOffset UtcNow => time.GetUtcNow();
}
