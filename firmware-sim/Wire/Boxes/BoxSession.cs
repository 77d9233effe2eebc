using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Boxes;

/// <summary>One connection of one box, or of a modem behind which several share a wire.</summary>
internal sealed class BoxSession(Device carrier, IReadOnlyList<BoxUnit> units, TimeProvider time) : ILinkSession
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_dripInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>What a modem sends when it registers, and a sound meter that hangs on the same wire.</summary>
    private static readonly byte[] s_foreign = [.. "AAAA"u8, .. "!063.5dB\r\n"u8];

    /// <summary>Nothing is asked before the boxes may speak.</summary>
    public Task<string?> OpenAsync(NetworkStream stream, CancellationToken stop)
    {
        foreach (BoxUnit unit in units) unit.Open();
        return Task.FromResult<string?>(null);
    }

    public async Task<string> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var cutter = new FrameCutter();
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(buffer, stop);
                if (count == 0) return "the other side closed the connection";
                foreach (byte[] frame in cutter.Feed(buffer.AsSpan(0, count)))
                    foreach (BoxUnit unit in units) unit.Hear(frame);
            }
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
    }

    public async Task<string> WriteAsync(NetworkStream stream, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (carrier.Effects.IsSpeaking)
                    foreach (BoxUnit unit in units)
                        foreach (byte[] frame in unit.TakeDue()) await SendAsync(stream, unit.Device, frame, stop);
                await Task.Delay(s_lookInterval, time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
        finally
        {
            foreach (BoxUnit unit in units) unit.Close();
        }
    }

    public Task CloseAsync(NetworkStream stream, CancellationToken stop) => stream.FlushAsync(stop);

    private async Task SendAsync(NetworkStream stream, Device device, byte[] frame, CancellationToken stop)
    {
        byte[] wire = BoxSins.On(device, frame);
        if (device.Effects.Has(EffectKind.ForeignBytes)) await stream.WriteAsync(s_foreign, stop);
        if (!device.Effects.Has(EffectKind.Drip))
        {
            await stream.WriteAsync(wire, stop);
            return;
        }
        foreach (byte b in wire)
        {
            await stream.WriteAsync(new[] { b }, stop);
            await Task.Delay(s_dripInterval, time, stop);
        }
    }
}
