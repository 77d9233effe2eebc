using System.Buffers.Binary;
using System.Net.Sockets;

namespace FirmwareSim.Wire.Modbus;

/// <summary>The same units behind Modbus TCP: transaction, protocol 0, length, unit, function and data; no checksum.</summary>
/// <remarks>Late and dripping replies are so here too; wrong lengths are in the header; a wrong CRC cannot be seen.</remarks>
internal sealed class ModbusTcpPort(HostPort at, IReadOnlyList<ModbusUnit> units, TimeProvider time, Journal journal)
{
    private const int HeaderBytes = 6;
    private const int BodyBytesMax = 254;
    private const int CrcBytes = 2;

    /// <summary>Serves until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var listener = new TcpListener(at.ToListenAddress() ?? throw new IOException($"--modbus-tcp {at}: not an address to listen on"));
        listener.Start();
        journal.Write($"Modbus TCP at {at}");
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop);
                open.RemoveAll(t => t.IsCompleted);
                open.Add(ServeAsync(client, stop));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
            try
            {
                var stream = client.GetStream();
                byte[] header = new byte[HeaderBytes];
                while (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, stop) == HeaderBytes)
                {
                    int length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4));
                    if (header[2] != 0 || header[3] != 0 || length is < 2 or > BodyBytesMax) return;
                    byte[] body = new byte[length];
                    await stream.ReadExactlyAsync(body, stop);
                    if (units.FirstOrDefault(u => u.Unit == body[0])?.Answer(ModbusCrc.Append(body)) is { } reply) await SendAsync(stream, header, reply, stop);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The master left, or the simulation ends.
                return;
            }
    }

    private async Task SendAsync(NetworkStream stream, byte[] header, UnitReply reply, CancellationToken stop)
    {
        byte[] frame = [.. header, .. reply.Bytes.AsSpan(0, reply.Bytes.Length - CrcBytes)];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), (ushort)(frame.Length - HeaderBytes));
        if (reply.Delay > TimeSpan.Zero) await Task.Delay(reply.Delay, time, stop);
        if (reply.Gap <= TimeSpan.Zero)
        {
            await stream.WriteAsync(frame, stop);
            return;
        }
        for (int i = 0; i < frame.Length; i++)
        {
            await stream.WriteAsync(frame.AsMemory(i, 1), stop);
            await Task.Delay(reply.Gap, time, stop);
        }
    }
}
