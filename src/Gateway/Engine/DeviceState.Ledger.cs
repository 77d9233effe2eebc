using Gateway.Domain.Ledger;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

internal sealed partial class DeviceState
{
    /// <summary>Goes on under another entry of the same device and profile.</summary>
    public void Follow(Device device, RuleWatch[] watches, EventWatch[] events, Rule[] silentRules)
    {
        (Device, Watches, Events, SilentRules) = (device, watches, events, silentRules);
        Work?.Follow(device);
    }

    /// <summary>Takes over from the state it had under another profile what does not depend on fields.</summary>
    public void TakeOver(DeviceState before)
    {
        (LastMessageMs, LinkUp, LinkSinceMs) = (before.LastMessageMs, before.LinkUp, before.LinkSinceMs);
        if (before.Work is { } work) Work?.Restore(work.WorkingMs, work.CertifiedMs);
    }
}
