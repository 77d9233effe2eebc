using Gateway.Domain.Ledger;

namespace Gateway.Domain.Presence;

/// <summary>What another ledger means for a device that is being accounted for.</summary>
public sealed partial class DevicePresence
{
    /// <summary>A device that came into the ledger under way: nothing is known of it, and nobody was down.</summary>
    /// <param name="closed">Receives each interval as it closes.</param>
    public static DevicePresence Added(int index, Device device, long nowMs, List<PresenceInterval> closed) => new(index, device, nowMs, closed) { Cause = PresenceCause.None };

    /// <summary>Goes on under another entry of the same device. What was silent until now is judged by the entry that was in force, what is open by the new one; no interval ends by it alone.</summary>
    /// <returns>True when the live state changed.</returns>
    public bool Follow(int index, Device device, long nowMs)
    {
        bool changed = Pass(nowMs);
        _deadlineMs += device.OfflineAfterMs - _offlineAfterMs;
        (_index, _expectedMs, _offlineAfterMs) = (index, device.ExpectedMs, device.OfflineAfterMs);
        return Pass(nowMs) || changed;
    }
}
