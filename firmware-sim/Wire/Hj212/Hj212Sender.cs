using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Hj212;

/// <summary>Puts frames on the wire the way the device's effects want it: whole, torn, sinful, or dripping.</summary>
internal sealed class Hj212Sender(Device device, TimeProvider time)
{
    private const int DripBytes = 16;
    private static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(100);

    public async Task SendAsync(NetworkStream stream, byte[] frame, CancellationToken stop)
    {
        byte[] bytes = Hj212Sins.Commit(device.Effects, frame);
        if (device.TearsNextFrame()) bytes = bytes[..(bytes.Length / 2)];
        if (!device.Effects.Has(EffectKind.Drip))
        {
            await stream.WriteAsync(bytes, stop);
            return;
        }
        for (int at = 0; at < bytes.Length; at += DripBytes)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(DripBytes, bytes.Length - at)), stop);
            await Task.Delay(DripPause, time, stop);
        }
    }
}
