using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>All checks of one device: the rungs <c>plausible</c> and <c>clock</c>, and the suspicions beside them. Pure; no allocation per message.</summary>
/// <remarks>For live messages only: what is retained, replayed or back-filled says nothing about now.</remarks>
public sealed class DeviceChecks
{
    private readonly CheckWatch[] _watches;
    private readonly MeasuredNumbers? _numbers;
    private int _offlineAfterMs;
    private bool _gatewayClockSane = true;
    private long _gatewayClockSinceMs;
    private long _lastMs;

    public DeviceChecks(DeviceProfile profile, Device device)
    {
        _offlineAfterMs = device.OfflineAfterMs;
        if (profile.Checks.Any(c => c is RegularityCheck or IdenticalCheck)) _numbers = new MeasuredNumbers(profile);
        Clock = new ClockWatch(new ClockCheck(profile.ClockSkewMsMax));
        _watches = [.. profile.Checks.Select(c => Bind(c, profile, device))];
    }

    /// <summary>The checks of the profile, in its order; without the clock's.</summary>
    public IReadOnlyList<CheckWatch> Watches => _watches;

    public CheckWatch Clock { get; }

    /// <summary>The check for which the device is not believed, null while it is. The one that failed first stays until it passes.</summary>
    public CheckWatch? Implausible { get; private set; }

    /// <summary>Why the device cannot be online although it speaks: the lowest rung that fails; empty when none does.</summary>
    public string Cause => Implausible is { } check ? CheckKinds.CauseOf(check.Spec.Kind) : Clock.Failing ? PresenceCause.DeviceClock : PresenceCause.None;

    /// <summary>Null = nothing is checked, or nothing could be judged yet.</summary>
    public bool? Plausible => Implausible is not null ? false : _watches.Any(w => w is { Judged: true, Spec.Suspect: false }) ? true : null;

    /// <summary>Null = it tells no time, or ours cannot be trusted.</summary>
    public bool? ClockSane => _gatewayClockSane && Clock.Judged ? !Clock.Failing : null;

    /// <summary>Since when the clock's rung is what it is; 0 = never judged.</summary>
    public long ClockSinceMs => _gatewayClockSane ? Clock.SinceMs : _gatewayClockSinceMs;

    /// <summary>Takes one live message.</summary>
    /// <returns>True when a check fails or passes from now on: <see cref="Cause"/> may have changed.</returns>
    public bool Take(in LiveMessage message)
    {
        if (_lastMs != 0 && message.AtMs - _lastMs > _offlineAfterMs)
            foreach (var watch in _watches) watch.BreakOff();
        _lastMs = message.AtMs;
        _numbers?.Take(message);
        bool turned = _gatewayClockSane && Clock.Take(message);
        foreach (var watch in _watches) turned |= watch.Take(message);
        if (turned && Implausible is not { Failing: true }) Implausible = Array.Find(_watches, w => w is { Failing: true, Spec.Suspect: false });
        return turned;
    }

    /// <summary>The failing check of a kind, null when none of them fails.</summary>
    public CheckWatch? Failing(CheckKind kind) =>
        kind == CheckKind.Clock ? Clock.Failing ? Clock : null : Array.Find(_watches, w => w.Failing && w.Spec.Kind == kind);

    /// <summary>While the gateway's own clock cannot be trusted, no other is judged by it; what was found before stands.</summary>
    public void GatewayClock(bool sane, long atMs)
    {
        if (sane == _gatewayClockSane) return;
        (_gatewayClockSane, _gatewayClockSinceMs) = (sane, atMs);
        Clock.BreakOff();
    }

    /// <summary>Goes on under another entry of the same device; what a check has of its expected interval it keeps from the start.</summary>
    public void Follow(Device device) => _offlineAfterMs = device.OfflineAfterMs;

    /// <summary>The device left service.</summary>
    public void StartOver()
    {
        (Implausible, _lastMs) = (null, 0);
        Clock.StartOver();
        foreach (var watch in _watches) watch.StartOver();
    }

    private CheckWatch Bind(CheckSpec check, DeviceProfile profile, Device device) => check switch
    {
        RangeCheck range => new RangeWatch(range, profile.Fields[range.Slot]),
        FrozenCheck frozen => new FrozenWatch(frozen),
        RateCheck rate => new RateWatch(rate, device.ExpectedMs),
        SelfTestCheck selfTest => new SelfTestWatch(selfTest),
        RegularityCheck regularity => new SamenessWatch(regularity, _numbers!, device.ExpectedMs),
        IdenticalCheck identical => new SamenessWatch(identical, _numbers!, device.ExpectedMs),
        _ => throw new ArgumentException($"no device is checked for {check.Kind} by its profile", nameof(check)),
    };
}
