using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

public sealed class ModbusReadPlanTests
{
    [Fact]
    public void Near_blocks_of_one_function_become_one_request_and_far_ones_do_not()
    {
        Assert.Equal(["3:0+9"], Plan(9600, new(3, 5, 4), new(3, 0, 2)));
        // A second request costs 13 characters and two silences of 3.5: ten registers in between are cheaper, eleven are not.
        Assert.Equal(["3:0+13"], Plan(9600, new(3, 0, 2), new(3, 11, 2)));
        Assert.Equal(["3:0+2", "3:12+2"], Plan(9600, new(3, 0, 2), new(3, 12, 2)));
        // At 115 200 bit/s the silences alone are worth 40 characters.
        Assert.Equal(["3:0+24"], Plan(115_200, new(3, 0, 2), new(3, 22, 2)));
    }

    [Fact]
    public void Functions_are_never_mixed_and_no_request_is_longer_than_the_standard_allows()
    {
        Assert.Equal(["4:0+2", "3:2+2"], Plan(9600, new(4, 0, 2), new(3, 2, 2)));
        Assert.Equal(["3:0+125"], Plan(9600, new(3, 0, 60), new(3, 60, 65)));
        Assert.Equal(["3:0+60", "3:60+66"], Plan(9600, new(3, 0, 60), new(3, 60, 66)));
        Assert.Equal(["1:0+2000"], Plan(9600, new(1, 0, 8), new(1, 100, 8), new(1, 200, 1800)));
    }

    [Fact]
    public void Blocks_that_overlap_are_read_once() => Assert.Equal(["3:0+10"], Plan(9600, new(3, 0, 10), new(3, 4, 2)));

    private static IEnumerable<string> Plan(int baud, params ModbusReadBlock[] blocks) =>
        ModbusReadPlan.Of(blocks, new BusTiming(baud, SerialFraming.EightNone1)).Select(read => $"{read.Block.Function}:{read.Block.Address}+{read.Block.Count}");
}
