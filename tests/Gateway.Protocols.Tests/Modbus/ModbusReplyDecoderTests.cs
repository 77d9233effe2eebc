using Gateway.Protocols.Modbus;
using Xunit;

namespace Gateway.Protocols.Tests.Modbus;

public sealed class ModbusReplyDecoderTests
{
    [Fact]
    public void The_wind_reply_holds_12_5_metres_per_second()
    {
        var reply = ModbusReplyDecoder.Decode(ModbusVectors.Wind, ModbusVectors.WindReply);
        Assert.Equal(ModbusVerdict.Complete, reply.Verdict);
        Assert.Equal([0x00, 0x7D], reply.Data.ToArray());
        Assert.Equal(7, reply.Size);
    }

    [Fact]
    public void The_station_reply_holds_fourteen_words()
    {
        var reply = ModbusReplyDecoder.Decode(ModbusVectors.Station, ModbusVectors.StationReply);
        Assert.Equal(ModbusVerdict.Complete, reply.Verdict);
        Assert.Equal(ModbusVectors.StationReply[3..31], reply.Data.ToArray());
    }

    [Fact]
    public void An_exception_gives_its_code()
    {
        var reply = ModbusReplyDecoder.Decode(ModbusVectors.Wind, ModbusVectors.IllegalAddress);
        Assert.Equal(ModbusVerdict.Exception, reply.Verdict);
        Assert.Equal(2, reply.ExceptionCode);
        Assert.Equal(5, reply.Size);
    }

    [Fact]
    public void Every_beginning_of_a_reply_needs_more()
    {
        foreach (var whole in new[] { ModbusVectors.StationReply, ModbusVectors.IllegalAddress })
        {
            for (var length = 0; length < whole.Length; length++)
                Assert.Equal(ModbusVerdict.NeedMore, ModbusReplyDecoder.Decode(ModbusVectors.Station, whole.AsSpan(0, length)).Verdict);
        }
    }

    [Fact]
    public void Bytes_after_the_reply_do_not_matter()
    {
        byte[] withTail = [.. ModbusVectors.WindReply, 0xFF, 0x00];
        Assert.Equal(ModbusVerdict.Complete, ModbusReplyDecoder.Decode(ModbusVectors.Wind, withTail).Verdict);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var request = ModbusVectors.Station;
        for (var bit = 0; bit < ModbusVectors.StationReply.Length * 8; bit++)
        {
            var damaged = ModbusVectors.StationReply.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var reply = ModbusReplyDecoder.Decode(request, damaged);
            Assert.False(reply.IsAnswer, $"bit {bit} flipped: {reply.Verdict}");
        }
    }

    [Fact]
    public void Every_flipped_pair_of_bits_of_a_short_reply_is_noticed()
    {
        var bits = ModbusVectors.WindReply.Length * 8;
        for (var first = 0; first < bits; first++)
        {
            for (var second = first + 1; second < bits; second++)
            {
                var damaged = ModbusVectors.WindReply.ToArray();
                damaged[first / 8] ^= (byte)(1 << (first % 8));
                damaged[second / 8] ^= (byte)(1 << (second % 8));
                Assert.False(ModbusReplyDecoder.Decode(ModbusVectors.Wind, damaged).IsAnswer);
            }
        }
    }

    [Fact]
    public void Replies_of_others_are_called_by_their_name()
    {
        Assert.Equal(ModbusVerdict.ForeignUnit, Verdict(ModbusVectors.Closed(2, 3, 2, 0, 1)));
        Assert.Equal(ModbusVerdict.ForeignFunction, Verdict(ModbusVectors.Closed(1, 4, 2, 0, 1)));
        Assert.Equal(ModbusVerdict.ForeignFunction, Verdict(ModbusVectors.Closed(1, 0x84, 2)));
        Assert.Equal(ModbusVerdict.WrongByteCount, Verdict(ModbusVectors.Closed(1, 3, 4, 0, 1, 0, 2)));

        static ModbusVerdict Verdict(byte[] bytes) => ModbusReplyDecoder.Decode(ModbusVectors.Wind, bytes).Verdict;
    }

    [Fact]
    public void A_write_is_answered_by_itself_and_by_nothing_else()
    {
        var request = ModbusRequest.WriteRegister(1, 2000, 2);
        Assert.Equal(ModbusVerdict.Complete, ModbusReplyDecoder.Decode(request, ModbusVectors.Closed(1, 6, 0x07, 0xD0, 0, 2)).Verdict);
        Assert.Equal(ModbusVerdict.WrongByteCount, ModbusReplyDecoder.Decode(request, ModbusVectors.Closed(1, 6, 0x07, 0xD0, 0, 3)).Verdict);
        Assert.Equal(ModbusVerdict.NeedMore, ModbusReplyDecoder.Decode(request, [1, 6, 7]).Verdict);
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        _ = ModbusReplyScanner.Scan(ModbusVectors.Station, ModbusVectors.StationReply);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _ = ModbusReplyScanner.Scan(ModbusVectors.Station, ModbusVectors.StationReply);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
