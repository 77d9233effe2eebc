using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>Steps with the passwords of devices, each with its audit row. All run inside a commit of the store.</summary>
public static class DevicePasswordSteps
{
    public static AccessOutcome Set(StateStore state, long nowMs, string who, string id, PasswordHash password)
    {
        state.KeepDevicePassword(new DevicePassword(id, password, nowMs));
        state.Audit(nowMs, new AuditRow(who, "device.password", id, null));
        return AccessOutcome.Done;
    }

    public static AccessOutcome Remove(StateStore state, long nowMs, string who, string id)
    {
        if (!state.RemoveDevicePassword(id)) return AccessOutcome.DeviceHasNone;
        state.Audit(nowMs, new AuditRow(who, "device.password.remove", id, null));
        return AccessOutcome.Done;
    }
}
