using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Boxes;

/// <summary>The clock inside a black box: it drifts as its effects say until somebody sets it, and then shows what it was told.</summary>
internal sealed class BoxClock(Device device, SiteClock clock)
{
    private TimeSpan _correction;
    private TimeSpan _correctedDrift;
    private bool _isSet;

    /// <summary>Civil time in Beijing, as the box's display shows it.</summary>
    public DateTime Civil => (clock.UtcNow + Offset).ToOffset(SiteClock.BeijingOffset).DateTime;

    private TimeSpan Offset => device.Effects.ClockDrift + (_isSet && _correctedDrift == device.Effects.ClockDrift ? _correction : TimeSpan.Zero);

    public void Set(DateTime civil)
    {
        DateTime unset = (clock.UtcNow + device.Effects.ClockDrift).ToOffset(SiteClock.BeijingOffset).DateTime;
        (_correction, _correctedDrift, _isSet) = (civil - unset, device.Effects.ClockDrift, true);
    }
}
