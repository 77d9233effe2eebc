using FirmwareSim.Devices;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Hj212;

/// <summary>Composes a monitor's reports; no two have the same request number. One caller.</summary>
internal sealed class Hj212Writer(Sensor<DustSample> sensor, string deviceNumber, string password)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private DateTimeOffset _lastTime;

    public (string RequestNumber, byte[] Bytes) NextReport()
    {
        DateTimeOffset now = sensor.DeviceTime;
        TimeSpan sinceLast = now - _lastTime;
        _lastTime = sinceLast >= TimeSpan.Zero && sinceLast < Tick ? _lastTime + Tick : now;
        string requestNumber = Hj212Frame.RequestNumber(_lastTime);
        return (requestNumber, Hj212Frame.RealTimeReport(requestNumber, password, deviceNumber, DustFactors.Of(sensor.Read())));
    }
}
