using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Links.MqttClient;
using Xunit;

namespace Gateway.Tests.Links.MqttClient;

public sealed class BrokerTransportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>What a broker that was killed had sent is perhaps nowhere else any more.</summary>
    [Fact]
    public async Task What_came_before_the_connection_broke_off_is_read_before_that_is_said()
    {
        var (ours, theirs) = await PairAsync();
        await using var transport = new BrokerTransport(new NetworkStream(ours, ownsSocket: true), TimeProvider.System);
        await theirs.SendAsync("everything"u8.ToArray());
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        await BrokerConnectionTests.Eventually(() => transport.Fault is not null);

        var result = await transport.Input.ReadAtLeastAsync("everything".Length + 1).AsTask().WaitAsync(Limit);

        // The end of the pipe, not the fault alone, ends the wait for one byte more.
        Assert.Equal("everything", Encoding.UTF8.GetString(result.Buffer.ToArray()));
        Assert.True(result.IsCompleted);
    }

    [Fact]
    public async Task What_was_written_goes_out_before_it_closes()
    {
        var (ours, theirs) = await PairAsync();
        var transport = new BrokerTransport(new NetworkStream(ours, ownsSocket: true), TimeProvider.System);
        byte[] sent = new byte[1_000_000];
        Random.Shared.NextBytes(sent);
        var received = ReceiveAllAsync(theirs);
        transport.Output.Write(sent);
        await transport.Output.FlushAsync().AsTask().WaitAsync(Limit);
        await transport.DisposeAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(sent, await received.WaitAsync(Limit));
    }

    /// <summary>Memory is bounded by what nobody reads: then TCP tells the broker to wait.</summary>
    [Fact]
    public async Task What_nobody_reads_is_left_with_the_peer()
    {
        var (ours, theirs) = await PairAsync();
        await using var transport = new BrokerTransport(new NetworkStream(ours, ownsSocket: true), TimeProvider.System);
        theirs.SendTimeout = 1_000;
        byte[] chunk = new byte[64 * 1024];
        long taken = 0;
        var full = Record.Exception(() =>
        {
            while (taken < 64L * 1024 * 1024) taken += theirs.Send(chunk);
        });
        Assert.IsType<SocketException>(full);
        var result = await transport.Input.ReadAsync().AsTask().WaitAsync(Limit);
        Assert.InRange(result.Buffer.Length, 1, 256 * 1024);
        transport.Input.AdvanceTo(result.Buffer.End);
        theirs.Dispose();
    }

    private static async Task<(Socket Ours, Socket Theirs)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var ours = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = listener.AcceptSocketAsync();
        await ours.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        return (ours, await accepting);
    }

    private static async Task<byte[]> ReceiveAllAsync(Socket socket)
    {
        var all = new MemoryStream();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
