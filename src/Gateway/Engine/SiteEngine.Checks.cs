using Gateway.Domain.Presence;
using Gateway.Domain.Presence.Checks;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

/// <summary>Whether what devices say is believed: the upper rungs of the ladder, and the alarms of their checks.</summary>
public sealed partial class SiteEngine
{
    private bool _gatewayClockSane = true;

    /// <summary>Whether the gateway's own clock can be trusted from now on; while it cannot, no device's clock is judged and none changes its state for it.</summary>
    public void GatewayClock(bool sane, long atMs)
    {
        _gatewayClockSane = sane;
        foreach (var device in _devices) device.Checks.GatewayClock(sane, atMs);
    }

    private static void Heard(DeviceState device, long atMs)
    {
        if (device.LastMessageMs > 0 && atMs - device.LastMessageMs > device.Device.OfflineAfterMs) device.AnswerGaps++;
        device.LastMessageMs = atMs;
    }

    private void Check(DeviceState device, in Reading reading)
    {
        if (device.Presence.State == PresenceState.NotInService) return;
        var message = new LiveMessage(device.Values, device.Qualities, device.ReceivedAtMs, reading.ReceivedAtMs, reading.MeasuredAtMs);
        if (!device.Checks.Take(message)) return;
        TellChecks(device, reading.ReceivedAtMs);
        Settle(device, device.Presence.Judged(reading.ReceivedAtMs, device.Checks.Cause));
    }

    /// <summary>Lets the alarms of the device's checks follow the checks; those that nothing failed for stay as they are.</summary>
    private void TellChecks(DeviceState device, long atMs)
    {
        var subject = SubjectOf(device);
        foreach (var rule in device.CheckRules)
        {
            var failing = device.Checks.Failing(((SuspicionEvaluator)rule.Evaluator).Check);
            bool standing = _alarms.Find(subject, rule.Id) is { Standing: true };
            if (failing is null && standing) _alarms.Return(rule.Id, subject, atMs);
            if (failing is not null && !standing) _alarms.Raise(rule, subject, atMs, Finite(failing.Seen), failing.Limit, cause: FieldOf(device, failing));
        }
    }

    /// <summary>A check has an alarm of its own, which says more than that the device is offline.</summary>
    private static bool SaidByCheck(DeviceState device, string cause)
    {
        foreach (var rule in device.CheckRules)
            if (CheckKinds.CauseOf(((SuspicionEvaluator)rule.Evaluator).Check) == cause) return true;
        return false;
    }

    /// <summary>A suspicion whose alarm stands is cleared by good messages, not by a restart. What made a device offline starts anew, as its state does.</summary>
    private void ResumeSuspicions(DeviceState device, long nowMs)
    {
        foreach (var watch in device.Checks.Watches)
            if (watch.Spec.Suspect && device.CheckRules.Any(r => ((SuspicionEvaluator)r.Evaluator).Check == watch.Spec.Kind && _alarms.Find(SubjectOf(device), r.Id) is { Standing: true }))
                watch.Resume(nowMs);
    }

    private static string? FieldOf(DeviceState device, CheckWatch watch) => watch.Slot < 0 ? null : device.Profile.Fields[watch.Slot].Name;

    /// <summary>A device may say 1e999; neither JSON nor a person can do anything with that.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
