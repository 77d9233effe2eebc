using System.Net;
using System.Net.Sockets;

namespace FirmwareSim.Tests.Wire;

/// <summary>A broker for one device at a time on a real loopback socket: accepts CONNECT, hands out the packets as they come.</summary>
internal sealed class LoopbackBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _one = new byte[1];
    private Socket? _device;

    public LoopbackBroker() => _listener.Start();

    public HostPort Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public async Task AcceptAsync(CancellationToken patience)
    {
        _device = await _listener.AcceptSocketAsync(patience);
        Assert.Equal(0x10, (await ReadPacketAsync(patience)).First);
        await _device.SendAsync(new byte[] { 0x20, 2, 0, 0 }, patience);
    }

    /// <summary>
    /// First byte and body of the next packet; a body under 128 bytes is all these tests need. (0, empty) at the end of the stream.
    /// </summary>
    public async Task<(byte First, byte[] Body)> ReadPacketAsync(CancellationToken patience)
    {
        if (await _device!.ReceiveAsync(_one, patience) == 0) return (0, []);
        byte first = _one[0];
        await _device.ReceiveAsync(_one, patience);
        byte[] body = new byte[_one[0]];
        for (int got = 0; got < body.Length;) got += await _device.ReceiveAsync(body.AsMemory(got), patience);
        return (first, body);
    }

    public async Task AcknowledgeAsync(ushort packetId, CancellationToken patience) =>
        await _device!.SendAsync(new byte[] { 0x40, 2, (byte)(packetId >> 8), (byte)packetId }, patience);

    public void HangUp() => _device!.Dispose();

    public void Dispose()
    {
        _device?.Dispose();
        _listener.Dispose();
    }
}
