using System.Net;
using System.Net.Sockets;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

/// <summary>Buses behind a converter: RTU frames and Modbus TCP through a socket.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class ModbusConverterTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);
    private readonly RecordingBusObserver _told = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ModbusConverterTests() => _listener.Start();

    private string Host => _listener.LocalEndpoint.ToString()!;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Rtu_frames_travel_through_a_converter_as_they_are()
    {
        using var bus = Start(tcp: false);
        using var converter = _listener.AcceptTcpClient();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Convert.FromHexString("010300000001840A"), Receive(converter, 8));
            converter.GetStream().Write(ScriptedUnits.Reply(1, 3, 125));
        }
        Assert.Equal([0x00, 0x7D], _told.WaitFor(events => events.Any(e => e.What == "answered")).First(e => e.What == "answered").Registers);
    }

    [Fact]
    public void A_late_reply_of_modbus_tcp_is_told_by_its_transaction()
    {
        using var bus = Start(tcp: true);
        using var unit = _listener.AcceptTcpClient();
        for (byte round = 1; round <= 5; round++)
        {
            byte[] request = Receive(unit, 12);
            Assert.Equal([0, 0, 0, 6, 1, 3, 0, 0, 0, 1], request[2..]);
            // What the round before should have had comes now, whole and of the same shape.
            unit.GetStream().Write([request[0], (byte)(request[1] - 1), 0, 0, 0, 5, 1, 3, 2, 0xBA, 0xD0, request[0], request[1], 0, 0, 0, 5, 1, 3, 2, 0, round]);
        }
        var answers = _told.WaitFor(events => events.Count(e => e.What == "answered") == 5).Where(e => e.What == "answered");
        Assert.Equal([1, 2, 3, 4, 5], answers.Select(e => (int)e.Registers[1]));
        Assert.Equal(0, _told.Count("failed"));
    }

    [Fact]
    public void A_converter_that_is_away_is_lost_once_and_connected_again_when_it_is_back()
    {
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        string host = Host;
        _listener.Stop();
        using (var bus = Start(tcp: true, host))
        {
            var lost = _told.WaitFor(events => events.Any(e => e.What == "lost"))[0];
            Assert.StartsWith($"converter {host}: cannot be reached", lost.Reason, StringComparison.Ordinal);
            Assert.False(bus.Status().Open);
            using var again = new TcpListener(IPEndPoint.Parse(host));
            again.Start();
            _told.WaitFor(events => events.Any(e => e.What == "opened"));
            using (var first = again.AcceptTcpClient()) Assert.Equal(12, Receive(first, 12).Length);
            _told.WaitFor(events => events.Count(e => e.What == "lost") == 2);
            using var second = again.AcceptTcpClient();
            bus.Stop(s_long);
        }
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + 2);
        Assert.Equal(["lost", "opened", "lost"], _told.Events.Where(e => e.What is "lost" or "opened").Select(e => e.What).Take(3));
    }

    [Fact]
    public void A_name_that_nobody_knows_is_a_loss_with_its_reason()
    {
        using var bus = Start(tcp: true, "no-such-host.invalid:502");
        Assert.Contains("no-such-host.invalid", _told.WaitFor(events => events.Any(e => e.What == "lost"))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_ends_a_connection_that_nobody_answers()
    {
        // A listener whose queue is full takes no further connection and refuses none: it is silent.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(0);
        using var first = new TcpClient();
        first.Connect((IPEndPoint)silent.LocalEndPoint!);
        using var bus = Start(tcp: true, silent.LocalEndPoint!.ToString());
        string asking = $":{((IPEndPoint)silent.LocalEndPoint!).Port:X4} 02 "; // SYN sent
        Assert.True(SpinWait.SpinUntil(() => File.ReadLines("/proc/net/tcp").Any(line => line.Contains(asking, StringComparison.Ordinal)), s_long));
        long start = TimeProvider.System.GetTimestamp();
        bus.Stop(s_long);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 1);
        Assert.Equal(0, _told.Count("lost"));
    }

    private ModbusBus Start(bool tcp, string? host = null)
    {
        var unit = new ModbusUnit("unit-1", 1, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), [new(3, 0, 1)]);
        var options = new ModbusBusOptions("bus-1", "", 9600, SerialFraming.EightNone1, [unit]) { Host = host ?? Host, Tcp = tcp };
        var bus = new ModbusBus(options, _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance);
        bus.Start();
        return bus;
    }

    private static byte[] Receive(TcpClient client, int count)
    {
        client.ReceiveTimeout = 10_000;
        byte[] bytes = new byte[count];
        client.GetStream().ReadExactly(bytes);
        return bytes;
    }
}
