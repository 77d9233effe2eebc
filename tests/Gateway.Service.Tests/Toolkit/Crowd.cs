using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Thousands of connections from one process: those that only stand, and those that report once a second. They come from several addresses of the loopback network.</summary>
internal sealed class Crowd(int port) : IAsyncDisposable
{
    private const int PerAddress = 5_000, AtOnce = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private int _opened;
    private long _sent;

    /// <summary>Messages handed to the gateway, each answered before the next of its device.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public long Acknowledged => _waits.Count;

    /// <summary>Time to the PUBACK that 99 % did not exceed, and the longest.</summary>
    public (TimeSpan P99, TimeSpan Longest) Waits
    {
        get
        {
            var sorted = _waits.Order().ToList();
            return (sorted[(int)(sorted.Count * 0.99)], sorted[^1]);
        }
    }

    /// <summary>Connections the system lets one process hold, after what it needs for itself.</summary>
    public static int ConnectionsPossible
    {
        get
        {
            string line = File.ReadLines("/proc/self/limits").Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            string hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
            return hard == "unlimited" ? int.MaxValue : int.Parse(hard, CultureInfo.InvariantCulture) - 500;
        }
    }

    /// <summary>Connects so many clients that say nothing more.</summary>
    public async Task<Socket[]> ConnectAsync(int count, string prefix)
    {
        var connected = new Socket[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, _) => connected[n] = await ConnectAsync($"{prefix}{n}"));
        return connected;
    }

    /// <summary>Lets each of these report once a second for a while, spread over the second, and waits for the last acknowledgement.</summary>
    public Task ReportAsync(Socket[] devices, Func<int, string> topic, TimeSpan time) => Task.WhenAll(devices.Select(async (device, n) =>
    {
        var clock = Stopwatch.StartNew();
        await Task.Delay(Pace * n / devices.Length);
        byte[] answer = new byte[4];
        for (ushort id = 1; clock.Elapsed < time; id++)
        {
            var began = clock.Elapsed;
            Interlocked.Increment(ref _sent);
            await device.SendAsync(RawPackets.Publish(topic(n), System.Text.Encoding.UTF8.GetBytes(Words.CraneJson(Words.NowMs, id)), id));
            await ReadAsync(device, answer);
            Assert.Equal([0x40, 2, (byte)(id >> 8), (byte)id], answer);
            _waits.Enqueue(clock.Elapsed - began);
            var left = began + Pace - clock.Elapsed;
            if (left > TimeSpan.Zero) await Task.Delay(left);
        }
    }));

    public ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            // A reset: thousands of ports must not wait out their time.
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask<Socket> ConnectAsync(string clientId)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + Interlocked.Increment(ref _opened) / PerAddress)]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(RawPackets.Connect(clientId, keepAliveSeconds: 600));
        byte[] connack = new byte[4];
        await ReadAsync(socket, connack);
        Assert.Equal([0x20, 2, 0, 0], connack);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, Memory<byte> whole)
    {
        while (whole.Length > 0)
        {
            int read = await socket.ReceiveAsync(whole);
            if (read == 0) throw new IOException("the gateway closed the connection");
            whole = whole[read..];
        }
    }
}
