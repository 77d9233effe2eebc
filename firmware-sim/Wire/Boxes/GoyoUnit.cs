using FirmwareSim.Devices;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Boxes;

/// <summary>A crane box of GOYO. What it measures while connected leaves at once and is answered by nobody; what it measured without a connection goes later as offline data until it is acknowledged.</summary>
internal sealed class GoyoUnit(Sensor<CraneSample> sensor, string station, bool isLong, SiteClock clock, TimeSpan interval, TimeSpan heartbeat) : BoxUnit(sensor.Device, interval, heartbeat, clock.Time)
{
    private readonly BoxClock _clock = new(sensor.Device, clock);

    public override void Hear(byte[] frame)
    {
        byte command = frame[isLong ? 5 : 3];
        ReadOnlySpan<byte> payload = isLong ? frame.AsSpan()[8..^4] : frame.AsSpan()[5..^3];
        if (command == GoyoFrames.Heartbeat && payload.Length == 7 && payload[0] == 1 && TimeOf(payload[1..]) is { } told) _clock.Set(told);
        else if (command == GoyoFrames.Offline) Kept.Acknowledge(command);
    }

    protected override void Measure()
    {
        CraneSample sample = sensor.Read();
        DateTime at = _clock.Civil;
        if (!IsConnected)
        {
            Kept.Add(GoyoFrames.Offline, _ => Report(GoyoFrames.Offline, at, sample));
            return;
        }
        Device.Traffic.CountSent();
        Say(Report(GoyoFrames.Realtime, at, sample));
    }

    protected override void Greet()
    {
        Heartbeat();
        if (isLong) Say(GoyoFrames.LongIdentity(Name, sensor.Read().Operator));
    }

    protected override void Heartbeat() => Say(isLong ? GoyoFrames.LongHeartbeat(Name, _clock.Civil) : GoyoFrames.ShortHeartbeat(Name, _clock.Civil));

    /// <summary>A box set up with another one's number.</summary>
    private string Name => !Device.Effects.Has(EffectKind.AddressClash) ? station : isLong ? "TC000009" : "390699";

    private byte[] Report(byte command, DateTime at, CraneSample sample) => isLong ? GoyoFrames.LongReport(command, Name, at, sample) : GoyoFrames.ShortReport(command, Name, at, sample);

    private static DateTime? TimeOf(ReadOnlySpan<byte> t)
    {
        int[] parts = [2000 + Bcd.Value(t[0]), Bcd.Value(t[1]), Bcd.Value(t[2]), Bcd.Value(t[3]), Bcd.Value(t[4]), Bcd.Value(t[5])];
        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(parts[0], parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return null;
        return new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }
}
