using Gateway.Protocols.Modbus;
using Xunit;

namespace Gateway.Protocols.Tests.Modbus;

public sealed class ModbusWriteReplyTests
{
    [Fact]
    public void Each_write_is_confirmed_by_its_own_words_and_by_no_others()
    {
        Confirmed(ModbusRequest.WriteRegister(17, 1, 3), ModbusVectors.Closed(17, 6, 0, 1, 0, 3), ModbusVectors.Closed(17, 6, 0, 1, 0, 4));
        Confirmed(ModbusRequest.WriteCoil(17, 172, true), ModbusVectors.Closed(17, 5, 0, 0xAC, 0xFF, 0), ModbusVectors.Closed(17, 5, 0, 0xAC, 0, 0));
        Confirmed(ModbusRequest.WriteRegisters(17, 1, [10, 258]), ModbusVectors.Closed(17, 16, 0, 1, 0, 2), ModbusVectors.Closed(17, 16, 0, 2, 0, 2));
        Confirmed(ModbusRequest.WriteCoils(17, 19, new bool[10]), ModbusVectors.Closed(17, 15, 0, 0x13, 0, 10), ModbusVectors.Closed(17, 15, 0, 0x13, 0, 9));
        Confirmed(ModbusRequest.MaskRegister(17, 4, 0xF2, 0x25), ModbusVectors.Closed(17, 22, 0, 4, 0, 0xF2, 0, 0x25), ModbusVectors.Closed(17, 22, 0, 4, 0, 0xF2, 0, 0x26));
    }

    [Fact]
    public void An_exchange_brings_the_registers_read()
    {
        var request = ModbusRequest.Exchange(17, 3, 2, 14, [1]);
        var reply = ModbusReplyDecoder.Decode(request, ModbusVectors.Closed(17, 23, 4, 0, 254, 10, 205));
        Assert.Equal(ModbusVerdict.Complete, reply.Verdict);
        Assert.Equal([0, 254, 10, 205], reply.Data.ToArray());
        Assert.Equal(4, ModbusReplyDecoder.Decode(request, ModbusVectors.Closed(17, 0x97, 4)).ExceptionCode);
        Assert.Equal(ModbusVerdict.WrongByteCount, ModbusReplyDecoder.Decode(request, ModbusVectors.Closed(17, 23, 2, 0, 254)).Verdict);
    }

    [Fact]
    public void Whole_replies_of_every_function_are_skipped_whole()
    {
        foreach (byte[] frame in (byte[][])[ModbusVectors.Closed(9, 22, 0, 4, 0, 1, 0, 2), ModbusVectors.Closed(9, 23, 2, 0, 1), ModbusVectors.Closed(9, 16, 0, 1, 0, 2), ModbusVectors.Closed(9, 0x90, 2)])
            Assert.Equal(frame.Length, ModbusReplyDecoder.MeasureAnyReply(frame));
    }

    private static void Confirmed(ModbusRequest request, byte[] right, byte[] wrong)
    {
        Assert.Equal(ModbusVerdict.Complete, ModbusReplyDecoder.Decode(request, right).Verdict);
        Assert.Equal(right.Length, request.ReplySize);
        Assert.Equal(ModbusVerdict.WrongByteCount, ModbusReplyDecoder.Decode(request, wrong).Verdict);
        Assert.Equal(ModbusVerdict.NeedMore, ModbusReplyDecoder.Decode(request, right.AsSpan(0, right.Length - 1)).Verdict);
        right[^1] ^= 1;
        Assert.Equal(ModbusVerdict.BadCrc, ModbusReplyDecoder.Decode(request, right).Verdict);
    }
}
