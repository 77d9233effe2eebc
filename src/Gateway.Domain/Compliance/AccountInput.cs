using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Compliance;

/// <summary>A closed presence interval as it lies in the chain. Half open, ms.</summary>
/// <param name="Seq">Its row; above 0.</param>
public sealed record AccountInterval(string Device, PresenceState State, string Cause, long FromMs, long ToMs, long Seq);

/// <summary>What a device is in at the moment of asking: not closed, so not evidence yet.</summary>
public sealed record OpenInterval(string Device, PresenceState State, string Cause, long FromMs);

/// <summary>A device as the accounts see it.</summary>
/// <param name="Kind">The class it is grouped by.</param>
/// <param name="Enterprise">Who answers for it, or null.</param>
/// <param name="Safety">The rule "safety devices 100 % online" is about it.</param>
/// <param name="Service">When the ledger's days put it in service.</param>
public sealed record AccountDevice(string Id, LocalText Name, string Kind, string? Enterprise, bool Safety, ServiceTime Service)
{
    /// <param name="enterprise">Who answers for it; the ledger does not say it of a device.</param>
    public static AccountDevice Of(Device device, string? enterprise, TimeZoneInfo zone) => new(device.Id, device.Name, device.Kind, enterprise, device.Safety, new ServiceTime(device.Id,
        device.InServiceFrom is { } from ? CivilDays.StartOf(from, zone) : null, device.InServiceTo is { } to ? CivilDays.StartOf(to.AddDays(1), zone) : null));
}

/// <summary>All that device-days are made of.</summary>
/// <param name="Presence">In any order; the same row twice is one.</param>
/// <param name="Open">At most one a device.</param>
/// <param name="AsOfMs">Time behind it is not accounted.</param>
public sealed record AccountInput(
    IReadOnlyList<AccountDevice> Devices,
    IEnumerable<AccountInterval> Presence,
    IEnumerable<OpenInterval> Open,
    LifecycleTimeline Lifecycle,
    AccountWindow Window,
    long AsOfMs)
{
    /// <summary>What devices proved later; in any order, repeats count once.</summary>
    public IEnumerable<MeasuredSpan> Measured { get; init; } = [];
}
