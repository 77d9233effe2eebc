using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

/// <summary>Against libmodbus: a small slave in C, compiled here, on a pair of pseudo-terminals and on TCP.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class LibmodbusTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingBusObserver _told = new();
    private readonly List<Process> _peers = [];

    public LibmodbusTests() => RunToEnd("gcc", "-O1", "-o", _folder["slave"], Path.Combine(AppContext.BaseDirectory, "Peers", "libmodbus_slave.c"), "-I/usr/include/modbus", "-lmodbus");

    public void Dispose()
    {
        foreach (var peer in Enumerable.Reverse(_peers))
        {
            if (!peer.HasExited) peer.Kill();
            peer.WaitForExit();
            peer.Dispose();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task All_reads_all_writes_and_refusals_are_understood_on_both_sides_of_a_serial_line()
    {
        string port = PlugIn();
        await ReadsAndWritesAsync(new ModbusBusOptions("bus-1", port, 9600, SerialFraming.EightNone1, Units()));
    }

    [Fact]
    public async Task All_reads_all_writes_and_refusals_are_understood_over_modbus_tcp()
    {
        int port = FreePort();
        Await(Start(_folder["slave"], "tcp", $"{port}").StandardOutput, "ready");
        await ReadsAndWritesAsync(new ModbusBusOptions("bus-1", "", 9600, SerialFraming.EightNone1, Units()) { Host = $"127.0.0.1:{port}", Tcp = true });
    }

    [Fact]
    public void Registers_are_written_and_read_in_one_transaction()
    {
        Assert.True(SerialPort.TryOpen(new(PlugIn(), 9600, SerialFraming.EightNone1), out var port, out _));
        using var channel = new SerialChannel(port, keepsTime: false);
        using var stop = new StopSignal();
        var clock = new GatewayClock(TimeProvider.System);
        var options = new ModbusBusOptions("bus-1", "", 9600, SerialFraming.EightNone1, []);
        long origin = clock.Time.GetTimestamp();
        var trace = new LineTrace(new FrameRing("bus-1", "modbus"), new BusTally(options, clock, origin), clock, tcp: false);
        var line = new ModbusLine(channel, new BusTiming(9600, SerialFraming.EightNone1), tcp: false, stop, clock.Time, origin, trace, () => false);

        var answer = line.Ask(ModbusRequest.Exchange(5, 20, 3, 21, [7, 8]), s_long, "unit-5");
        Assert.Equal(ModbusAnswerKind.Data, answer.Kind);
        Assert.Equal(new ushort[] { 1020, 7, 8 }, Words(answer.Data.ToArray()));
    }

    private async Task ReadsAndWritesAsync(ModbusBusOptions options)
    {
        using var bus = new ModbusBus(options, _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance);
        bus.Start();
        Assert.Equal(new ushort[] { 1010, 1011, 1012 }, Words(Latest(3, 10)));
        Assert.Equal(new ushort[] { 2010 }, Words(Latest(4, 10)));
        Assert.Equal([0b0010_0100, 0b01], Latest(1, 10).Select(b => (int)b));
        Assert.Equal([0b0101_0101], Latest(2, 10).Select(b => (int)b));

        foreach (var write in (ModbusWrite[])[ModbusWrite.Register(10, 77), ModbusWrite.Registers(11, 78, 0x0012), ModbusWrite.Mask(12, 0x00F2, 0x0025), ModbusWrite.Coil(10, true), ModbusWrite.Coils(11, true, false, false)])
            Assert.Equal(ModbusWriteOutcome.Done, await bus.WriteAsync("unit-5", write, s_long));
        Assert.Equal(ModbusWriteOutcome.Refused, await bus.WriteAsync("unit-5", ModbusWrite.Register(200, 1), s_long));
        int before = _told.Events.Count;
        _told.WaitFor(events => events.Skip(before).Count(e => e.What == "answered") >= 10);
        // The mask of the standard's own example: 12 and F2, 25 makes 17.
        Assert.Equal(new ushort[] { 77, 78, 0x0017 }, Words(Latest(3, 10, before)));
        Assert.Equal([0b0010_0011, 0b01], Latest(1, 10, before).Select(b => (int)b));
        bus.Stop(s_long);
        Assert.All(_told.Events.Where(e => e.What == "failed"), e => Assert.Equal((ModbusFailure.Exception, 2), (e.Failure!.Value, e.ExceptionCode)));
        Assert.Contains(_told.Events, e => e.What == "failed");
    }

    /// <summary>The last block is one that the slave does not have. Each function has its own size, by which its answers are known here.</summary>
    private static ModbusUnit[] Units() =>
        [new("unit-5", 5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), [new(3, 10, 3), new(4, 10, 1), new(1, 10, 10), new(2, 10, 8), new(3, 199, 2)])];

    private byte[] Latest(int function, int address, int after = 0)
    {
        int size = function switch { 3 => 6, 4 => 2, 1 => 2, _ => 1 };
        bool IsIt(BusEvent e) => e.What == "answered" && e.Address == address && e.Registers.Length == size && (size != 2 || (e.Registers[0] == 0x07) == (function == 4));
        return _told.WaitFor(events => events.Skip(after).Any(IsIt)).Last(IsIt).Registers;
    }

    private static ushort[] Words(byte[] registers) => [.. registers.Chunk(2).Select(pair => BinaryPrimitives.ReadUInt16BigEndian(pair))];

    private string PlugIn()
    {
        var cable = Start("socat", "-d", "-d", $"pty,rawer,link={_folder["gateway-end"]}", $"pty,rawer,link={_folder["device-end"]}");
        Await(cable.StandardError, "starting data transfer loop");
        Await(Start(_folder["slave"], "rtu", _folder["device-end"], "9600", "5").StandardOutput, "ready");
        return _folder["gateway-end"];
    }

    private Process Start(string program, params string[] arguments)
    {
        var peer = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = program == "socat" })!;
        _peers.Add(peer);
        return peer;
    }

    private static void RunToEnd(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    private static void Await(StreamReader reader, string text)
    {
        while (reader.ReadLine() is { } line)
            if (line.Contains(text, StringComparison.Ordinal)) return;
        Assert.Fail($"the peer ended without saying \"{text}\"");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
