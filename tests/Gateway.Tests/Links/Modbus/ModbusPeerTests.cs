using System.Buffers.Binary;
using System.Diagnostics;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

/// <summary>Against units that are not ours: pymodbus behind a pair of pseudo-terminals made by socat.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class ModbusPeerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingBusObserver _told = new();
    private readonly List<Process> _peers = [];

    public void Dispose()
    {
        foreach (var peer in Enumerable.Reverse(_peers))
        {
            if (!peer.HasExited)
                peer.Kill();

            peer.WaitForExit();
            peer.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public void Registers_exceptions_and_an_absent_unit_of_pymodbus_are_what_they_are()
    {
        var cable = StartPeer("socat", "-d", "-d", $"pty,rawer,link={_folder["gateway-end"]}", $"pty,rawer,link={_folder["device-end"]}");
        ReadUntil(cable.StandardError, "starting data transfer loop");
        var units = StartPeer(Python, Path.Combine(AppContext.BaseDirectory, "Peers", "modbus_rtu_units.py"), _folder["device-end"], "9600");
        ReadUntil(units.StandardOutput, "ready");

        using var bus = new ModbusBus(
            new("bus-1", _folder["gateway-end"], 9600, SerialFraming.EightNone1,
            [
                Unit(1, new(3, 0, 14), new(4, 100, 1)),
                Unit(2, new(3, 5, 2), new(3, 500, 2)),
                Unit(3, new ModbusReadBlock(3, 0, 1)),
            ]),
            _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance);
        bus.Start();

        var events = _told.WaitFor(events =>
            events.Count(entry => entry.What == "answered") >= 12 && events.Any(entry => entry is { What: "failed", DeviceId: "unit-3" }));
        foreach (var answer in events.Where(entry => entry.What == "answered"))
        {
            var unit = answer.DeviceId == "unit-1" ? 1 : 2;
            var first = (answer.Address == 100 ? unit * 2000 : unit * 1000) + answer.Address;
            for (var i = 0; i < answer.Registers.Length / 2; i++)
                Assert.Equal(first + i, BinaryPrimitives.ReadUInt16BigEndian(answer.Registers.AsSpan(i * 2)));
        }

        var failed = events.Where(entry => entry.What == "failed").ToLookup(entry => entry.DeviceId);
        Assert.Empty(failed["unit-1"]);
        Assert.All(failed["unit-2"], entry => Assert.Equal((ModbusFailure.Exception, 2), (entry.Failure!.Value, entry.ExceptionCode)));
        Assert.NotEmpty(failed["unit-2"]);
        Assert.All(failed["unit-3"], entry => Assert.Equal(ModbusFailure.Timeout, entry.Failure));
    }

    private static ModbusUnit Unit(byte address, params ModbusReadBlock[] blocks) =>
        new($"unit-{address}", address, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400), blocks);

    private static void ReadUntil(StreamReader reader, string text)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"the peer ended without saying \"{text}\"");
    }

    private Process StartPeer(string program, params string[] arguments)
    {
        var peer = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = program == "socat",
        })!;
        _peers.Add(peer);
        return peer;
    }
}
