using System.Buffers.Binary;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

[Collection(SerialPortsCollection.Name)]
public sealed class ModbusBusTests : IDisposable
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);
    private static readonly ModbusReadBlock s_wind = new(3, 0, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingBusObserver _told = new();

    private string Link => _folder["adapter"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_answer_reaches_the_observer_with_its_registers_and_the_time_of_its_last_byte()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) => line.Send(ScriptedUnits.Reply(request[0], 3, 125)));
        var before = TimeProvider.System.GetTimestamp();
        using var bus = StartBus(Unit(2));

        var answer = _told.WaitFor(events => Has(events, "answered", 2)).First(entry => entry.What == "answered");
        Assert.Equal(("bus-1", "unit-2", (ushort)0), (answer.BusId, answer.DeviceId, answer.Address));
        Assert.Equal([0x00, 0x7D], answer.Registers);
        Assert.InRange(answer.Timestamp, before, TimeProvider.System.GetTimestamp());
        Assert.Equal("opened", _told.Events[0].What);
        Assert.Equal(Convert.FromHexString("0203000000018439"), units.Requests.First().Request);

        bus.Stop(s_stopLimit);
        Assert.Equal(_told.Count("answered"), bus.Replies);
        Assert.InRange(bus.Requests - bus.Replies, 0, 1);
    }

    [Fact]
    public void Each_block_gets_its_own_registers()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) => line.Send(Echo(request)));
        using var bus = StartBus(Unit(1) with { Blocks = [new(3, 500, 14), new(4, 7, 2), new(3, 9, 1)] });

        foreach (var answer in _told.WaitFor(events => Has(events, "answered", 9)).Where(entry => entry.What == "answered"))
            Assert.Equal(answer.Address, BinaryPrimitives.ReadUInt16BigEndian(answer.Registers));
    }

    [Theory]
    [InlineData("FF0055AA")]
    [InlineData("0103")]
    [InlineData("010302")]
    [InlineData("02030200017D84")]
    [InlineData("010300000001840A")]
    public void Noise_foreign_frames_and_echoes_before_the_reply_do_not_matter(string before)
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) => line.Send([.. Convert.FromHexString(before), .. ScriptedUnits.Reply(1, 3, 125)]));
        using var bus = StartBus(Unit(1));

        _told.WaitFor(events => Has(events, "answered", 5));
        Assert.Equal(0, _told.Count("failed"));
        Assert.True(bus.DiscardedBytes >= before.Length / 2 * 4);
    }

    [Fact]
    public void A_reply_that_drips_in_byte_by_byte_is_accepted()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) =>
        {
            var reply = Echo(request);
            for (var i = 0; i < reply.Length; i++)
                line.SendLater(TimeSpan.FromMilliseconds(30 * i), reply[i]);
        });
        using var bus = StartBus(Unit(1, periodMs: 1000) with { Blocks = [new(3, 500, 6)] });

        _told.WaitFor(events => Has(events, "answered", 2));
        Assert.Equal(0, _told.Count("failed"));
    }

    [Fact]
    public void Each_way_of_not_answering_has_its_name_and_its_counter()
    {
        var damaged = ScriptedUnits.Reply(3, 3, 125);
        damaged[3] ^= 0x40;
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) => line.Send(request[0] switch
        {
            1 => [],
            2 => [0xFF, 0x00, 0x13],
            3 => damaged,
            4 => ScriptedUnits.Exception(4, 3, 2),
            5 => ScriptedUnits.Reply(99, 3, 125),
            6 => ScriptedUnits.Reply(6, 3, 1, 2),
            _ => ScriptedUnits.Reply(7, 3, 125)[..4],
        }));
        using var bus = StartBus([.. Enumerable.Range(1, 7).Select(i => Unit((byte)i))]);

        var failed = _told.WaitFor(events => events.Where(entry => entry.What == "failed").Select(entry => entry.DeviceId).Distinct().Count() == 7)
            .Where(entry => entry.What == "failed").ToList();
        bus.Stop(s_stopLimit);
        Assert.Equal(
            [ModbusFailure.Timeout, ModbusFailure.Noise, ModbusFailure.BadCrc, ModbusFailure.Exception,
                ModbusFailure.Foreign, ModbusFailure.WrongByteCount, ModbusFailure.Incomplete],
            Enumerable.Range(1, 7).Select(i => failed.First(entry => entry.DeviceId == $"unit-{i}").Failure!.Value));
        Assert.Equal(2, failed.First(entry => entry.DeviceId == "unit-4").ExceptionCode);
        Assert.All(failed.Where(entry => entry.DeviceId != "unit-4"), entry => Assert.Equal(0, entry.ExceptionCode));
        Assert.All(
            Enum.GetValues<ModbusFailure>().Select(bus.FailuresBy),
            count => Assert.True(count > 0));
        Assert.Equal(0, _told.Count("answered"));
    }

    [Fact]
    public void A_bad_crc_costs_one_reading_and_no_more()
    {
        var count = 0;
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            var reply = ScriptedUnits.Reply(1, 3, 125);
            if (++count % 3 == 2)
                reply[^1] ^= 0xFF;

            line.Send(reply);
        });
        using var bus = StartBus(Unit(1));

        var events = _told.WaitFor(events => Has(events, "answered", 8));
        Assert.All(events.Where(entry => entry.What == "failed"), entry => Assert.Equal(ModbusFailure.BadCrc, entry.Failure));
        Assert.Equal(0, bus.Probes);
    }

    [Fact]
    public void A_late_reply_is_never_taken_for_another_units()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) =>
        {
            if (request[0] == 1)
                line.SendLater(TimeSpan.FromMilliseconds(70), ScriptedUnits.Reply(1, 3, 1));
            else
                line.SendLater(TimeSpan.FromMilliseconds(30), ScriptedUnits.Reply(2, 3, 2));
        });
        using var bus = StartBus(Unit(1, timeoutMs: 50), Unit(2, timeoutMs: 50));

        var events = _told.WaitFor(events => Has(events, "answered", 30));
        Assert.All(events.Where(entry => entry.What == "answered"), entry => Assert.Equal(entry.DeviceId, $"unit-{entry.Registers[1]}"));
        Assert.Contains(events, entry => entry is { What: "failed", DeviceId: "unit-1" });
    }

    [Fact]
    public void A_late_reply_is_never_taken_for_another_blocks()
    {
        var count = 0;
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
            line.SendLater(TimeSpan.FromMilliseconds(++count % 3 == 0 ? 150 : 1), Echo(request)));
        using var bus = StartBus(Unit(1, timeoutMs: 100) with { Blocks = [new(3, 10, 1), new(3, 20, 1), new(3, 30, 1), new(3, 40, 1)] });

        var events = _told.WaitFor(events => Has(events, "answered", 18));
        foreach (var answer in events.Where(entry => entry.What == "answered"))
            Assert.Equal(answer.Address, BinaryPrimitives.ReadUInt16BigEndian(answer.Registers));

        Assert.Contains(events, entry => entry.What == "failed");
    }

    [Fact]
    public void What_arrives_between_requests_spoils_nothing()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) =>
        {
            line.Send([.. ScriptedUnits.Reply(1, 3, 7), 0x01, 0x03]);
            line.SendLater(TimeSpan.FromMilliseconds(15), ScriptedUnits.Reply(1, 3, 666));
        });
        using var bus = StartBus(Unit(1, periodMs: 60));

        var events = _told.WaitFor(events => Has(events, "answered", 20));
        Assert.Equal(0, _told.Count("failed"));
        Assert.All(events.Where(entry => entry.What == "answered"), entry => Assert.Equal([0, 7], entry.Registers));
    }

    [Fact]
    public void A_silent_unit_is_probed_and_seen_again_while_its_neighbour_keeps_its_period()
    {
        var silent = true;
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            if (request[0] == 2 || !Volatile.Read(ref silent))
                line.Send(ScriptedUnits.Reply(request[0], 3, request[0]));
        });
        using var bus = StartBus(Unit(1, periodMs: 100, timeoutMs: 50), Unit(2, periodMs: 200, timeoutMs: 50));

        _told.WaitFor(_ => bus.Probes >= 2);
        Volatile.Write(ref silent, false);
        _told.WaitFor(events => events.Count(entry => entry is { What: "answered", DeviceId: "unit-1" }) >= 5);

        var asked = units.Requests.Where(entry => entry.Request[0] == 2).Select(entry => entry.Timestamp).ToList();
        var mean = TimeProvider.System.GetElapsedTime(asked[0], asked[^1]) / (asked.Count - 1);
        Assert.InRange(mean.TotalMilliseconds, 180, 220);
    }

    [Fact]
    public void Requests_are_at_least_three_and_a_half_characters_after_the_last_byte()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        var repliedAt = 0L;
        var gaps = new List<TimeSpan>();
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            if (repliedAt != 0)
                gaps.Add(TimeProvider.System.GetElapsedTime(repliedAt));

            repliedAt = TimeProvider.System.GetTimestamp();
            line.Send(Echo(request));
        });
        using (StartBus(Unit(1, periodMs: 1), Unit(2, periodMs: 1)))
            _told.WaitFor(events => Has(events, "answered", 50));

        Assert.All(gaps, gap => Assert.True(gap >= TimeSpan.FromMilliseconds(3.6), $"{gap.TotalMilliseconds} ms"));
    }

    [Fact]
    public void A_pulled_adapter_is_lost_once_and_opened_once_each_time_and_leaves_no_descriptor()
    {
        static void Answer(byte[] request, ScriptedUnits line) => line.Send(ScriptedUnits.Reply(request[0], 3, 125));
        var before = PseudoTerminal.CountDescriptors();
        using (var bus = CreateBus(Link, Unit(1)))
        {
            bus.Start();
            _told.WaitFor(events => Has(events, "lost", 1)); // nothing plugged in yet
            for (var round = 1; round <= 4; round++)
            {
                var answered = _told.Count("answered");
                using var adapter = PseudoTerminal.Plug(Link);
                using (new ScriptedUnits(adapter, Answer))
                    _told.WaitFor(events => Has(events, "answered", answered + 3));

                adapter.Dispose();
                _told.WaitFor(events => Has(events, "lost", round + 1));
            }

            bus.Stop(s_stopLimit);
            Assert.Equal(5, bus.PortLosses);
        }

        var turns = _told.Events.Where(entry => entry.What is "lost" or "opened").Select(entry => entry.What);
        Assert.Equal(["lost", "opened", "lost", "opened", "lost", "opened", "lost", "opened", "lost"], turns);
        Assert.Equal(before, PseudoTerminal.CountDescriptors());
        Assert.StartsWith($"port {Link}: no such device", _told.Events[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pulled_adapter_is_noticed_between_requests()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) => line.Send(ScriptedUnits.Reply(1, 3, 125)));
        using var bus = StartBus(Unit(1, periodMs: 600_000));
        _told.WaitFor(events => Has(events, "answered", 1));

        units.Dispose();
        adapter.Dispose();
        _told.WaitFor(events => Has(events, "lost", 1));
        Assert.Equal(0, _told.Count("failed"));
    }

    [Fact]
    public void Stopping_ends_a_long_wait_at_once_and_is_no_loss()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (_, _) => { });
        using var bus = StartBus(Unit(1, timeoutMs: 600_000));
        _told.WaitFor(events => Has(events, "opened", 1));
        var start = TimeProvider.System.GetTimestamp();
        bus.Stop(s_stopLimit);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, s_stopLimit / 2);
        Assert.Equal(["opened"], _told.Events.Select(entry => entry.What));
        Assert.True(SerialPort.TryOpen(new(Link, 9600, SerialFraming.EightNone1), out var port, out _));
        port.Dispose();
    }

    [Fact]
    public void A_bus_without_a_port_says_so_once_and_does_not_hold_up_another()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) => line.Send(ScriptedUnits.Reply(1, 3, 125)));
        using var missing = CreateBus(_folder["missing"], Unit(1));
        using var present = CreateBus(Link, Unit(1));
        missing.Start();
        present.Start();

        _told.WaitFor(events => Has(events, "answered", 30)); // long enough for three vain openings
        Assert.Equal((1, 1), (_told.Count("lost"), _told.Count("opened")));
    }

    [Fact]
    public void Options_that_cannot_work_say_why()
    {
        Assert.True(SerialFraming.TryParse("7E1", out var seven));
        Refused("eight data bits", Options(Link, Unit(1)) with { Framing = seven });
        Refused("300 to 4000000", Options(Link, Unit(1)) with { Baud = 0 });
        Refused("unit 1 is there twice", Options(Link, Unit(1), Unit(1)));
        Refused("at least one block", Options(Link, Unit(1) with { Blocks = [] }));

        void Refused(string why, ModbusBusOptions options) => Assert.Contains(
            why,
            Assert.Throws<ArgumentException>(() => new ModbusBus(options, _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A reply whose first register is the address that was asked for.</summary>
    private static byte[] Echo(byte[] request)
    {
        var words = new ushort[BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4))];
        words[0] = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        return ScriptedUnits.Reply(request[0], request[1], words);
    }

    private static bool Has(IReadOnlyList<BusEvent> events, string what, int count) => events.Count(entry => entry.What == what) >= count;

    private static ModbusUnit Unit(byte address, int periodMs = 50, int timeoutMs = 500) =>
        new($"unit-{address}", address, TimeSpan.FromMilliseconds(periodMs), TimeSpan.FromMilliseconds(timeoutMs), [s_wind]);

    private static ModbusBusOptions Options(string port, params ModbusUnit[] units) =>
        new("bus-1", port, 9600, SerialFraming.EightNone1, units);

    private ModbusBus CreateBus(string port, params ModbusUnit[] units) =>
        new(Options(port, units), _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance);

    private ModbusBus StartBus(params ModbusUnit[] units)
    {
        var bus = CreateBus(Link, units);
        bus.Start();
        return bus;
    }
}
