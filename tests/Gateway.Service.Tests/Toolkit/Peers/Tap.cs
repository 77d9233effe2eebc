using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>Sits on the wire between gateway and broker, hands everything on, and notes each message of a device that the broker handed over.</summary>
internal sealed partial class Tap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<(string Device, long Seq)> _handedOver = [];
    private readonly int _brokerPort;
    private readonly Task _serving;

    public Tap(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    /// <summary>Where the gateway connects to.</summary>
    public int Port { get; }

    public bool HandedOver((string Device, long Seq) message)
    {
        lock (_handedOver) return _handedOver.Contains(message);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true) conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception shut) when (shut is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient gateway)
    {
        using var broker = new TcpClient { NoDelay = true };
        gateway.NoDelay = true;
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _brokerPort);
            // Whoever ends first ends both; what came from the broker has been handed on by then.
            await Task.WhenAny(HandOnAsync(gateway, broker), NoteAsync(broker, gateway));
        }
        catch (SocketException)
        {
            // The broker is away, and so is the tap.
        }
        gateway.Dispose();
    }

    private static async Task HandOnAsync(TcpClient gateway, TcpClient broker)
    {
        try
        {
            await gateway.GetStream().CopyToAsync(broker.GetStream());
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // A broker that was killed takes nothing any more, but what it said before is still on its way: only that ends the conversation.
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private async Task NoteAsync(TcpClient broker, TcpClient gateway)
    {
        try
        {
            var (from, to) = (new BufferedStream(broker.GetStream()), gateway.GetStream());
            while (await MqttPackets.ReadAsync(from) is { } packet)
            {
                if (packet.Type >> 4 == 3 && Message().Match(Encoding.Latin1.GetString(packet.Body)) is { Success: true } message)
                    lock (_handedOver) _handedOver.Add((message.Groups["device"].Value, long.Parse(message.Groups["seq"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
                await to.WriteAsync(MqttPackets.Packet(packet.Type, packet.Body));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The broker was killed, or the gateway.
        }
    }

    [GeneratedRegex("crane/(?<device>[^/]+)/telemetry.*\"seq\":(?<seq>\\d+),", RegexOptions.Singleline)]
    private static partial Regex Message();
}
