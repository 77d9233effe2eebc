using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

/// <summary>Whose bytes are whose: echoes, replies that come too early or twice, writes, merged reads; and what the ring and the status say about it.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class ModbusLineTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingBusObserver _told = new();
    private readonly FrameRing _ring = new("bus-1", "modbus");

    private string Link => _folder["adapter"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void The_echo_of_a_half_duplex_adapter_is_swallowed_in_one_chunk_or_in_two(int delayMs)
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            byte[] reply = ScriptedUnits.Reply(1, 3, 125);
            if (delayMs == 0) line.Send([.. request, .. reply]);
            else line.Send(request);
            if (delayMs > 0) line.SendLater(TimeSpan.FromMilliseconds(delayMs), reply);
        });
        using var bus = Start(Unit(1));
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 5);
        bus.Stop(s_long);
        Assert.Equal(0, _told.Count("failed"));
        Assert.InRange(bus.Echoes, 5, bus.Requests);
        Assert.Equal(8 * bus.Echoes, bus.DiscardedBytes);
        Assert.Equal(bus.Echoes, _ring.Verdicts()["echo"]);
    }

    [Fact]
    public void An_echo_alone_is_no_answer()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) => line.Send(request));
        using var bus = Start(Unit(1, timeoutMs: 60));
        var failed = _told.WaitFor(events => events.Any(e => e.What == "failed")).First(e => e.What == "failed");
        Assert.Equal(ModbusFailure.Timeout, failed.Failure);
    }

    [Fact]
    public async Task A_write_is_told_from_its_echo()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        bool confirms = false;
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            if (request[1] == 3) line.Send([.. request, .. ScriptedUnits.Reply(1, 3, 125)]);
            else line.Send(Volatile.Read(ref confirms) ? [.. request, .. request] : request);
        });
        using var bus = Start(Unit(1, timeoutMs: 100));
        Assert.Equal(ModbusWriteOutcome.Unconfirmed, await WriteAsync(bus, ModbusWrite.Register(7, 1)));
        Volatile.Write(ref confirms, true);
        Assert.Equal(ModbusWriteOutcome.Done, await WriteAsync(bus, ModbusWrite.Register(7, 1)));
    }

    [Fact]
    public async Task Writes_go_ahead_of_reads_and_say_what_became_of_them()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            if (request[1] == 3) line.Send(ScriptedUnits.Reply(request[0], 3, 125));
            else if (request[3] == 9) line.Send(ScriptedUnits.Exception(request[0], request[1], 2));
            else if (request[3] != 8) line.Send(request);
        });
        using var bus = Start(Unit(1, periodMs: 600_000, timeoutMs: 100));
        Assert.Equal(ModbusWriteOutcome.Done, await WriteAsync(bus, ModbusWrite.Coil(3, true)));
        Assert.Equal(ModbusWriteOutcome.Refused, await WriteAsync(bus, ModbusWrite.Register(9, 1)));
        Assert.Equal(ModbusWriteOutcome.Unconfirmed, await WriteAsync(bus, ModbusWrite.Register(8, 1)));
        Assert.Equal(ModbusWriteOutcome.NotSent, await bus.WriteAsync("unit-1", ModbusWrite.Register(3, 1), TimeSpan.Zero));
        Assert.Equal(ModbusWriteOutcome.NoSuchDevice, await bus.WriteAsync("unit-2", ModbusWrite.Register(3, 1), s_long));
        bus.Stop(s_long);
        Assert.Equal(ModbusWriteOutcome.NotSent, await bus.WriteAsync("unit-1", ModbusWrite.Register(3, 1), s_long));
        Assert.Equal([3, 5, 6, 6], units.Requests.Select(r => (int)r.Request[1]));
    }

    [Fact]
    public void A_reply_that_is_here_before_the_request_can_be_out_is_foreign_where_bytes_take_their_time()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        // At 300 baud request and reply are half a second on the wire: no machine is so busy that what is here at once comes to us too late to be too early.
        using var units = new ScriptedUnits(adapter, (_, line) =>
        {
            line.Send(ScriptedUnits.Reply(1, 3, 666));
            line.SendLater(TimeSpan.FromMilliseconds(700), ScriptedUnits.Reply(1, 3, 125));
        });
        using var bus = Start(keepsTime: true, baud: 300, Unit(1, periodMs: 800, timeoutMs: 3_000));
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 4);
        bus.Stop(s_long);
        Assert.All(_told.Events.Where(e => e.What == "answered"), e => Assert.Equal([0, 125], e.Registers));
        Assert.True(_ring.Verdicts()["foreign"] >= 4);
        Assert.Equal("foreignUnit", Assert.Single(bus.Status().Units).Suspicion);
    }

    [Fact]
    public void Two_different_replies_to_one_request_are_two_devices_of_one_address()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            line.Send(ScriptedUnits.Reply(request[0], 3, 125));
            if (request[0] == 2) line.SendLater(TimeSpan.FromMilliseconds(4), ScriptedUnits.Reply(2, 3, 130));
        });
        using var bus = Start(Unit(1, periodMs: 100), Unit(2, periodMs: 100));
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 12);
        bus.Stop(s_long);
        Assert.Equal([null, "duplicateAddress"], bus.Status().Units.Select(unit => unit.Suspicion));
        Assert.Equal(0, _told.Count("failed"));
    }

    [Fact]
    public void Two_devices_that_talk_over_each_other_are_suspected_after_some_damage_of_the_right_shape()
    {
        byte[] damaged = ScriptedUnits.Reply(1, 3, 125);
        damaged[4] ^= 0x18;
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (_, line) => line.Send(damaged));
        using var bus = Start(Unit(1, timeoutMs: 30));
        _told.WaitFor(events => events.Count(e => e.What == "failed") >= 5);
        bus.Stop(s_long);
        var unit = Assert.Single(bus.Status().Units);
        Assert.Equal(("duplicateAddress", "dead"), (unit.Suspicion, unit.State));
        Assert.Equal(bus.FailuresBy(ModbusFailure.BadCrc), _ring.Verdicts()["badCrc"]);
    }

    [Fact]
    public void Whoever_speaks_without_being_asked_is_named()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (_, line) =>
        {
            line.Send(ScriptedUnits.Reply(1, 3, 125));
            line.SendLater(TimeSpan.FromMilliseconds(10), ScriptedUnits.Reply(77, 3, 1));
        });
        using var bus = Start(Unit(1, periodMs: 80));
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 4);
        bus.Stop(s_long);
        Assert.Equal([77], bus.Status().Strangers);
    }

    [Fact]
    public void Near_blocks_are_read_as_one_until_the_unit_refuses_that()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
            line.Send(request[0] == 1 || request[5] == 1 ? ScriptedUnits.Reply(request[0], 3, new ushort[request[5]]) : ScriptedUnits.Exception(request[0], 3, 2)));
        ModbusReadBlock[] blocks = [new(3, 0, 1), new(3, 4, 1)];
        using var bus = Start(Unit(1) with { Blocks = blocks }, Unit(2) with { Blocks = blocks });
        _told.WaitFor(events => events.Count(e => e is { What: "answered", DeviceId: "unit-2" }) >= 6 && events.Count(e => e is { What: "answered", DeviceId: "unit-1" }) >= 6);
        bus.Stop(s_long);
        Assert.All(_told.Events.Where(e => e is { What: "answered", DeviceId: "unit-1" }), e => Assert.Equal(10, e.Registers.Length));
        Assert.Equal([0, 4, 0, 4], _told.Events.Where(e => e is { What: "answered", DeviceId: "unit-2" }).Take(4).Select(e => (int)e.Address));
        Assert.Single(units.Requests, r => r.Request[0] == 2 && r.Request[5] == 5);
        Assert.Equal(0, _told.Count("failed"));
    }

    [Fact]
    public void The_ring_and_the_status_say_what_happened()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            if (request[0] == 1) line.Send([0xFF, .. ScriptedUnits.Reply(1, 3, 125)]);
        });
        using var bus = Start(Unit(1, periodMs: 100), Unit(2, timeoutMs: 60));
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 4 && events.Count(e => e.What == "failed") >= 3);
        var status = bus.Status();
        bus.Stop(s_long);

        Assert.True(status is { Open: true, Id: "bus-1", Protocol: "modbus", Baud: 9600, Framing: "8N1", LastError: null });
        Assert.Equal(Link, status.Where);
        Assert.InRange(status.Utilisation, 0.01, 1);
        Assert.InRange(status.CycleMs, 70, 90);
        Assert.Equal(["trusted", "dead"], status.Units.Select(unit => unit.State));
        Assert.NotNull(status.Units[0].LastAnswerAgeMs);
        Assert.Null(status.Units[1].LastAnswerAgeMs);
        Assert.Equal(status.Units[1].Requests, status.Units[1].Failures["timeout"]);
        var frames = _ring.Since(0);
        Assert.Equal(("ok", "unit-1", FrameDirection.Sent), (frames[0].Verdict, frames[0].Device, frames[0].Direction));
        Assert.Equal(("noise", null), (frames[1].Verdict, frames[1].Device));
        Assert.Equal(("ok", "unit-1", "010302007D7865"), (frames[2].Verdict, frames[2].Device, Convert.ToHexString(frames[2].Bytes)));
        Assert.True(frames[2].AtUs > frames[0].AtUs);
    }

    private static Task<ModbusWriteOutcome> WriteAsync(ModbusBus bus, ModbusWrite write) => bus.WriteAsync("unit-1", write, s_long);

    private static ModbusUnit Unit(byte address, int periodMs = 50, int timeoutMs = 500) =>
        new($"unit-{address}", address, TimeSpan.FromMilliseconds(periodMs), TimeSpan.FromMilliseconds(timeoutMs), [new(3, 0, 1)]);

    private ModbusBus Start(params ModbusUnit[] units) => Start(keepsTime: null, baud: 9600, units);

    private ModbusBus Start(bool? keepsTime, int baud, params ModbusUnit[] units)
    {
        var options = new ModbusBusOptions("bus-1", Link, baud, SerialFraming.EightNone1, units) { KeepsTime = keepsTime };
        var bus = new ModbusBus(options, _told, new GatewayClock(TimeProvider.System), _ring, NullLogger<ModbusBus>.Instance);
        bus.Start();
        _told.WaitFor(events => events.Any(e => e.What == "opened"));
        return bus;
    }
}
