using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>A TCP connection to the listener that does what no client would. It reads only when it is told to.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Stopwatch _age = new();
    private NetworkStream? _stream;
    private bool _isDisposed;

    /// <summary>Time since the connection stood.</summary>
    public TimeSpan Age => _age.Elapsed;

    /// <summary>Its own port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    private NetworkStream Stream => _stream ??= new NetworkStream(_socket);

    /// <param name="from">Last part of its own address, 127.0.0.<paramref name="from"/>.</param>
    /// <param name="receiveBytes">Size of its receive buffer, 0 = the system's.</param>
    public static async Task<RawConnection> OpenAsync(int port, byte from = 2, int receiveBytes = 0)
    {
        var connection = new RawConnection();
        if (receiveBytes > 0) connection._socket.ReceiveBufferSize = receiveBytes;
        connection._socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, from]), 0));
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        connection._age.Start();
        return connection;
    }

    /// <summary>Opened, and accepted by a CONNACK.</summary>
    public static async Task<RawConnection> SignedInAsync(int port, string clientId, byte from = 2, int keepAliveSeconds = 300, bool v5 = false, uint keepSeconds = 0, int receiveBytes = 0)
    {
        var connection = await OpenAsync(port, from, receiveBytes);
        await connection.SendAsync(RawPackets.Connect(clientId, keepAliveSeconds, v5, keepSeconds));
        var (type, body) = await connection.ReadAsync() ?? throw new IOException($"{clientId}: closed instead of a CONNACK");
        Assert.True(type == 0x20 && body[1] == 0, $"{clientId}: CONNACK {Convert.ToHexString(body)}");
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Limit);
        await Stream.WriteAsync(bytes, late.Token);
    }

    /// <summary>Sends although it may be closed already, by either side. False when it was.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The next packet, null when the gateway closed instead.</summary>
    public async Task<(byte Type, byte[] Body)?> ReadAsync()
    {
        try
        {
            return await MqttPackets.ReadAsync(Stream).WaitAsync(Limit);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads and forgets all that comes, until either side closes.</summary>
    public async Task DrainAsync()
    {
        byte[] some = new byte[64 * 1024];
        try
        {
            while (await Stream.ReadAsync(some) > 0)
            {
                // Nobody wants to know.
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    /// <summary>Waits until the gateway has closed it.</summary>
    /// <returns>The last packet it sent before, null when there was none.</returns>
    public async Task<(byte Type, byte[] Body)?> ClosedAsync()
    {
        (byte, byte[])? last = null;
        while (await ReadAsync() is { } packet) last = packet;
        return last;
    }

    /// <summary>Goes with a reset, so that its port is free again at once.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _socket.LingerState = new LingerOption(true, 0);
        _stream?.Dispose();
        _socket.Dispose();
    }
}
