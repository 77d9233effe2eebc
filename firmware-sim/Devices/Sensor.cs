using FirmwareSim.Machines;

namespace FirmwareSim.Devices;

/// <summary>A machine behind a device's effects: what its electronics believe they see. One reader.</summary>
internal sealed class Sensor<TSample>(Device device, IMachine<TSample> machine, SiteClock clock) where TSample : class
{
    private TSample? _last;

    public Device Device => device;

    /// <summary>The device's own idea of the time.</summary>
    public DateTimeOffset DeviceTime => clock.UtcNow + device.Effects.ClockDrift;

    /// <summary>Measures now; a frozen device repeats what it measured last.</summary>
    public TSample Read()
    {
        if (_last is not null && device.Effects.Has(EffectKind.Freeze)) return _last;
        return _last = machine.Measure(clock.SinceStart, new Conditions(
            Overload: device.Effects.Has(EffectKind.Overload),
            Gust: device.Effects.Has(EffectKind.Gust),
            DustPeak: device.Effects.Has(EffectKind.DustPeak)));
    }
}
