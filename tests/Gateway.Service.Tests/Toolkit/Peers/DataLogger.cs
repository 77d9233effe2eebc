using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A data logger's TCP connection, byte by byte as the test wants it.</summary>
internal sealed class DataLogger : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };

    public static async Task<DataLogger> ConnectAsync(int port)
    {
        var logger = new DataLogger();
        await logger._connection.ConnectAsync(IPAddress.Loopback, port);
        return logger;
    }

    public ValueTask SendAsync(string bytes) => _connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Exactly so many bytes, or a failure that shows what came.</summary>
    public async Task<string> ReadAsync(int length, TimeSpan limit)
    {
        byte[] answer = new byte[length];
        int got = 0;
        using var late = new CancellationTokenSource(limit);
        try
        {
            while (got < length)
            {
                int read = await _connection.GetStream().ReadAsync(answer.AsMemory(got), late.Token);
                if (read == 0) break;
                got += read;
            }
        }
        catch (OperationCanceledException)
        {
            // What came is compared below by the caller.
        }
        return Encoding.Latin1.GetString(answer, 0, got);
    }

    /// <summary>Bytes that came and were not read.</summary>
    public int Unread => _connection.Available;

    public void Dispose() => _connection.Dispose();
}
