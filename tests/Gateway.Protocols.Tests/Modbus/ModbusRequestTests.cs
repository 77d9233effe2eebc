using Gateway.Protocols.Modbus;
using Xunit;

namespace Gateway.Protocols.Tests.Modbus;

public sealed class ModbusRequestTests
{
    [Fact]
    public void Requests_are_byte_for_byte_those_of_the_sensor_manuals()
    {
        Assert.Equal(ModbusVectors.WindRequest, Encoded(ModbusVectors.Wind));
        Assert.Equal(ModbusVectors.StationRequest, Encoded(ModbusVectors.Station));
    }

    [Fact]
    public void Writes_carry_the_value_where_reads_carry_the_quantity()
    {
        Assert.Equal(ModbusVectors.Closed(17, 6, 0x07, 0xD0, 0x00, 0x02), Encoded(ModbusRequest.WriteRegister(17, 2000, 2)));
        Assert.Equal(ModbusVectors.Closed(17, 5, 0x00, 0xAC, 0xFF, 0x00), Encoded(ModbusRequest.WriteCoil(17, 0xAC, on: true)));
        Assert.Equal(ModbusVectors.Closed(17, 5, 0x00, 0xAC, 0x00, 0x00), Encoded(ModbusRequest.WriteCoil(17, 0xAC, on: false)));
    }

    [Theory]
    [InlineData(1, 1, 1, 6)]
    [InlineData(1, 19, 3, 8)]
    [InlineData(2, 2000, 250, 255)]
    [InlineData(3, 1, 2, 7)]
    [InlineData(4, 125, 250, 255)]
    public void A_read_knows_the_size_of_its_reply(byte function, ushort quantity, int dataSize, int replySize)
    {
        var request = ModbusRequest.Read(1, function, 0, quantity);
        Assert.Equal(dataSize, request.DataSize);
        Assert.Equal(replySize, request.ReplySize);
    }

    [Theory]
    [InlineData(0, 3, 0, 1)]
    [InlineData(248, 3, 0, 1)]
    [InlineData(1, 3, 0, 0)]
    [InlineData(1, 3, 0, 126)]
    [InlineData(1, 2, 0, 2001)]
    [InlineData(1, 3, 65535, 2)]
    [InlineData(1, 6, 0, 1)]
    public void What_the_standard_does_not_allow_cannot_be_built(byte unit, byte function, ushort address, ushort quantity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.Read(unit, function, address, quantity));

    [Fact]
    public void The_crc_of_a_frame_with_its_crc_is_zero()
    {
        Assert.Equal(0, ModbusCrc.Compute(ModbusVectors.StationReply));
        Assert.Equal(0x4B37, ModbusCrc.Compute("123456789"u8));
        Assert.False(ModbusCrc.Closes([0xFF, 0xFF]));
    }

    private static byte[] Encoded(ModbusRequest request)
    {
        var bytes = new byte[ModbusRequest.Size];
        request.Encode(bytes);
        return bytes;
    }
}
