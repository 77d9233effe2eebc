using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;

namespace Gateway.Engine;

internal sealed partial class DeviceState
{
    /// <summary>Goes on under another entry of the same device and profile.</summary>
    public void Follow(Device device, DeviceRules rules, TimeZoneInfo zone)
    {
        // What it shows of work is bridged by the new entry from its next sample on.
        if (device.OfflineAfterMs != Device.OfflineAfterMs) Source = null;
        (Device, Rules, Account, Certified) = (device, rules, AccountDevice.Of(device, enterprise: null, zone), default);
        Checks.Follow(device);
    }

    /// <summary>Takes over from the state it had under another profile what does not depend on fields.</summary>
    public void TakeOver(DeviceState before)
    {
        (LastMessageMs, LinkUp, LinkSinceMs) = (before.LastMessageMs, before.LinkUp, before.LinkSinceMs);
        (LinkLosses, AnswerGaps) = (before.LinkLosses, before.AnswerGaps);
        (Span, DayRows, Data) = (before.Span, before.DayRows, before.Data);
    }
}
