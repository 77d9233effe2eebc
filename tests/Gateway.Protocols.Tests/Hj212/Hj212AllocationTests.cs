using System.Buffers;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212AllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    public void Reading_and_acknowledging_a_frame_allocates_nothing(int segmentEnd)
    {
        byte[] bytes = [.. "noise"u8, .. Hj212Case.Frame("generated-ningbo-realtime"), .. "\r\n"u8];
        var input = segmentEnd == 0 ? new ReadOnlySequence<byte>(bytes) : Scattered.At(bytes, segmentEnd);
        var output = new ArrayBufferWriter<byte>(2048);
        var scratch = new byte[Hj212Limits.FrameBytesMax];
        Run(input, scratch, output, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Run(input, scratch, output, 10_000);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, after - before);
        Assert.Equal(10_000 * 692.9, sum, 1e-3 * sum);
    }

    private static double Run(in ReadOnlySequence<byte> input, byte[] scratch, ArrayBufferWriter<byte> output, int times)
    {
        var sum = 0.0;
        for (var i = 0; i < times; i++)
        {
            var segment = Hj212Segment.Parse(Hj212Scanner.Read(input).Frame.Contiguous(scratch));
            _ = segment.ReadDataTime(out _);
            foreach (var item in new Hj212ItemReader(segment.Cp))
                sum += item.Suffix == Hj212Suffix.Rtd && item.Flag == Hj212DataFlag.N && item.TryGetNumber(out var value) ? value : 0;
            output.ResetWrittenCount();
            _ = Hj212Reply.WriteDataAck(output, segment);
        }
        return sum;
    }
}
