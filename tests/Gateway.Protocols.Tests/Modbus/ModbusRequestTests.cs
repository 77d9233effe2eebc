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

    [Fact]
    public void Longer_requests_are_byte_for_byte_the_examples_of_the_standard()
    {
        Assert.Equal(ModbusVectors.Closed(17, 15, 0x00, 0x13, 0x00, 0x0A, 0x02, 0xCD, 0x01),
            Encoded(ModbusRequest.WriteCoils(17, 0x13, [true, false, true, true, false, false, true, true, true, false])));
        Assert.Equal(ModbusVectors.Closed(17, 16, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02), Encoded(ModbusRequest.WriteRegisters(17, 1, [10, 0x0102])));
        Assert.Equal(ModbusVectors.Closed(17, 22, 0x00, 0x04, 0x00, 0xF2, 0x00, 0x25), Encoded(ModbusRequest.MaskRegister(17, 4, 0xF2, 0x25)));
        Assert.Equal(ModbusVectors.Closed(17, 23, 0x00, 0x03, 0x00, 0x06, 0x00, 0x0E, 0x00, 0x03, 0x06, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF),
            Encoded(ModbusRequest.Exchange(17, 3, 6, 14, [0xFF, 0xFF, 0xFF])));
    }

    [Fact]
    public void Writes_beyond_the_limits_of_the_standard_cannot_be_built()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.WriteRegisters(1, 0, new ushort[124]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.WriteRegisters(1, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.WriteCoils(1, 0, new bool[1969]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.Exchange(1, 0, 126, 0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.Exchange(1, 0, 1, 0, new ushort[122]));
        Assert.Equal(255, ModbusRequest.WriteRegisters(1, 0, new ushort[123]).Size);
        Assert.Equal(255, ModbusRequest.Exchange(1, 0, 125, 0, new ushort[121]).Size);
        Assert.Equal(255, ModbusRequest.WriteCoils(1, 0, new bool[1968]).Size);
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
        var bytes = new byte[request.Size];
        request.Encode(bytes);
        return bytes;
    }
}
