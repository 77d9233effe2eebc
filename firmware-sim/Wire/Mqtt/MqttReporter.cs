using FirmwareSim.Devices;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>Measures on schedule and puts reports into the outbox, connected or not; a silent or dead device measures nothing.</summary>
internal sealed class MqttReporter<TSample>(Sensor<TSample> sensor, Outbox outbox, TimeSpan interval, TimeProvider time)
    where TSample : class, ISample
{
    private long _sequence;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (sensor.Device.Effects.IsSpeaking) outbox.Add(NextReport());
            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The next report's payload; a torn one is the first half of its JSON.</summary>
    public byte[] NextReport()
    {
        byte[] json = JsonReport.Encode(sensor.DeviceTime, ++_sequence, sensor.Read());
        return sensor.Device.TearsNextFrame() ? json[..(json.Length / 2)] : json;
    }
}
