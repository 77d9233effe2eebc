using System.Net.Sockets;
using Gateway.Uplink.Sending;

namespace Gateway.Bureau.Wire;

/// <summary>The way to a platform.</summary>
internal interface IBureauNetwork
{
    /// <exception cref="IOException">It cannot be reached; the message says why.</exception>
    Task<IBureauConnection> ConnectAsync(string host, int port, CancellationToken cancel);
}

/// <summary>One TCP connection.</summary>
internal interface IBureauConnection : IDisposable
{
    /// <returns>0: the platform has closed it.</returns>
    /// <exception cref="IOException">It is lost.</exception>
    Task<int> ReadAsync(Memory<byte> to, CancellationToken cancel);

    /// <exception cref="IOException">It is lost.</exception>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);
}

/// <summary>Real sockets.</summary>
internal sealed class BureauSockets : IBureauNetwork
{
    public async Task<IBureauConnection> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancel);
            await PoolHop.Await();
            return new Connection(client);
        }
        catch (SocketException unreachable)
        {
            client.Dispose();
            throw new IOException(unreachable.Message, unreachable);
        }
        catch (OperationCanceledException)
        {
            client.Dispose();
            throw;
        }
    }

    private sealed class Connection(TcpClient client) : IBureauConnection
    {
        private readonly NetworkStream _stream = client.GetStream();

        public async Task<int> ReadAsync(Memory<byte> to, CancellationToken cancel)
        {
            int read = await _stream.ReadAsync(to, cancel);
            await PoolHop.Await();
            return read;
        }

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            await _stream.WriteAsync(bytes, cancel);
            await PoolHop.Await();
        }

        public void Dispose() => client.Dispose();
    }
}
