using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

public sealed class BusReckoningTests
{
    private static readonly TimeSpan s_character = TimeSpan.FromSeconds(1) / 960;

    [Fact]
    public void A_round_is_made_of_silences_frames_and_delays()
    {
        // 3.5 + 8 characters, 20 ms, 7 characters; a second register costs two more; a far block a request of its own.
        var one = BusReckoning.Of(Bus(Unit(1, 1000, new ModbusReadBlock(3, 0, 1))));
        Assert.Equal(18.5 * s_character.TotalMilliseconds + 20, one.Usual.TotalMilliseconds, 0.01);
        Assert.Equal(18.5 * s_character.TotalMilliseconds + 200, one.Worst.TotalMilliseconds, 0.01);
        Assert.Equal(11.5 * s_character.TotalMilliseconds + 200, one.OneDead.TotalMilliseconds, 0.01);
        Assert.Equal(one.Usual.TotalSeconds, one.Utilisation, 0.0001);
        Assert.Null(one.Overload);

        var three = BusReckoning.Of(Bus(Unit(1, 1000, new(3, 0, 1), new(3, 1, 1), new(3, 500, 1))));
        Assert.Equal((37 + 2) * s_character.TotalMilliseconds + 40, three.Usual.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void The_unit_that_tips_the_shortest_period_is_named()
    {
        var units = Enumerable.Range(1, 7).Select(i => Unit((byte)i, i == 2 ? 1000 : 20_000, new ModbusReadBlock(3, 0, 1))).ToArray();
        var reckoned = BusReckoning.Of(Bus(units));
        // 219.3 ms each: five are 1.1 s.
        Assert.Equal(("unit-5", (byte)5, TimeSpan.FromSeconds(1)), (reckoned.Overload!.DeviceId, reckoned.Overload.Address, reckoned.Overload.Period));
        Assert.Equal(1.096, reckoned.Overload.Cycle.TotalSeconds, 0.001);
    }

    [Fact]
    public void Behind_a_converter_for_modbus_tcp_no_silences_are_kept() =>
        Assert.Equal(15 * s_character.TotalMilliseconds + 20, BusReckoning.Of(Bus(Unit(1, 1000, new ModbusReadBlock(3, 0, 1))) with { Host = "h:502", Tcp = true }).Usual.TotalMilliseconds, 0.01);

    private static ModbusUnit Unit(byte address, int periodMs, params ModbusReadBlock[] blocks) =>
        new($"unit-{address}", address, TimeSpan.FromMilliseconds(periodMs), TimeSpan.FromMilliseconds(200), blocks);

    private static ModbusBusOptions Bus(params ModbusUnit[] units) => new("bus-1", "/dev/x", 9600, SerialFraming.EightNone1, units);
}
