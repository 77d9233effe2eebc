namespace Gateway.Diagnostics.Clock;

/// <summary>What the kernel says of its clock.</summary>
public enum ClockState : byte
{
    /// <summary>It cannot be asked: some containers refuse the call.</summary>
    Unknown,

    Unsynchronised,

    Synchronised,
}

/// <summary>One look at the box's clock.</summary>
/// <param name="Source">What keeps it right: <c>ntp</c>, <c>pps</c>; <c>rtc</c> where nothing does but a hardware clock set it at the start; null: nothing known.</param>
/// <param name="Rtc">There is a hardware clock, and its time can be read.</param>
/// <param name="EstimatedErrorMs">The kernel's estimate; null where it is not known.</param>
/// <param name="MaxErrorMs">The kernel's bound; null where it is not known.</param>
public readonly record struct HostClockReading(ClockState State, string? Source, bool Rtc, double? EstimatedErrorMs, double? MaxErrorMs);

/// <summary>The box's clock, as far as it can be asked.</summary>
public interface IHostClock
{
    HostClockReading Read();
}
