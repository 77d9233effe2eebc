using Gateway.Domain.Ledger;

namespace Gateway.Engine;

internal sealed partial class DeviceState
{
    /// <summary>Goes on under another entry of the same device and profile.</summary>
    public void Follow(Device device, DeviceRules rules)
    {
        (Device, Rules) = (device, rules);
        Checks.Follow(device);
        Work?.Follow(device);
    }

    /// <summary>Takes over from the state it had under another profile what does not depend on fields.</summary>
    public void TakeOver(DeviceState before)
    {
        (LastMessageMs, LinkUp, LinkSinceMs) = (before.LastMessageMs, before.LinkUp, before.LinkSinceMs);
        (LinkLosses, AnswerGaps) = (before.LinkLosses, before.AnswerGaps);
        if (before.Work is { } work) Work?.Restore(work.WorkingMs, work.CertifiedMs);
    }
}
