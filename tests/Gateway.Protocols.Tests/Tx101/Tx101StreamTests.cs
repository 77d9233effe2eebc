using Gateway.Protocols.Tests.Framing;
using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Protocols.Tests.Tx101;

/// <summary>However a stream is cut, and whatever noise is in it.</summary>
public sealed class Tx101StreamTests : FrameStreamContract
{
    private static readonly HexCases Cases = new("Tx101");
    private static readonly byte[] Good = Cases.Frame("generated-crane-realtime");
    private static readonly byte[] Whole = Build();

    protected override byte[] Stream => Whole;

    protected override byte[][] Fragments { get; } =
    [
        [0x68], [0x68, 0x09], [0x68, 0x09, 0x68], [0x68, 0x10, 0x68, 0x40], [0x16], [0], "AAAA"u8.ToArray(), Good[..30], Good, Cases.Frame("generated-login"), Cases.Frame("generated-crane-cycle"),
    ];

    [Theory]
    [InlineData(null, 10_000_000, 101)]
    [InlineData(new byte[] { 0x68, 0x09, 0x16, 0x20, 0x00 }, 1_000_000, 2)]
    [InlineData(new byte[] { 0x68 }, 1_000_000, 3)]
    public void Noisy_bytes_end_are_counted_once_and_the_next_good_frame_is_found(byte[]? alphabet, int length, int seed)
    {
        byte[] noise = Noise(alphabet, length, seed);
        // A frame that noise began may take as long as the longest frame to turn out none.
        byte[] filler = new byte[Tx101Limits.FrameBytesMax];
        var receiver = Receiver(noting: false);
        receiver.Feed(noise);
        receiver.Feed(filler);
        long before = receiver.FrameBytes;
        receiver.Feed(Good);
        receiver.Feed(filler);
        Assert.Equal(Good.Length, receiver.FrameBytes - before);
        Assert.Equal(length + Good.Length + 2 * filler.Length, receiver.Skipped + receiver.Dropped + receiver.FrameBytes + receiver.Kept);
    }

    [Fact]
    public void Noise_in_the_lists_of_an_alarm_is_an_answer_and_not_an_exception()
    {
        var random = new Random(92);
        int broken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] data = new byte[random.Next(60, 120)];
            random.NextBytes(data);
            foreach (var function in Enum.GetValues<Tx101Function>())
            {
                if (!Tx101Record.TryRead(function, data, out var record)) continue;
                _ = record.TryGetTime(out _);
                foreach (var item in Enum.GetValues<Tx101Item>()) _ = record.TryGet(item, out _);
                var alarms = record.Alarms;
                while (alarms.MoveNext()) Assert.InRange((int)alarms.Current.List, 0, 2);
                if (alarms.IsBroken) broken++;
            }
        }
        Assert.True(broken > 1_000);
    }

    [Fact]
    public void Reading_a_frame_allocates_nothing()
    {
        byte[] bytes = [.. "noise"u8, .. Good];
        Run(bytes, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double sum = Run(bytes, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_000 * (2.4 + 15), sum, 0.01);
    }

    private protected override FrameReceiver Receiver(bool noting = true) => Tx101Receiver.Make(noting);

    private static double Run(byte[] bytes, int times)
    {
        double sum = 0;
        Span<byte> answer = stackalloc byte[Tx101Writer.FrameBytesMax];
        for (int i = 0; i < times; i++)
        {
            var frame = Tx101Scanner.Read(bytes).Frame;
            if (!Tx101Record.TryRead(frame.Function, frame.Data, out var record) || !record.TryGetTime(out var time)) continue;
            if (record.TryGet(Tx101Item.Load, out var load)) sum += load.Number + time.Minute;
            _ = Tx101Writer.Acknowledgement(answer, frame.Address, frame.Version, frame.Function);
        }
        return sum;
    }

    private static byte[] Build()
    {
        byte[] wrong = [.. Good];
        wrong[30] ^= 0x10;
        List<byte> stream = [.. "BBBB"u8];
        foreach (string name in Cases.Names) stream.AddRange([.. Cases.Frame(name), .. "!063.5\r\nh"u8]);
        return [.. stream, .. wrong, .. Good[..33], .. Good, 0x68, 0x68, 0x68, .. Cases.Frame("generated-login"), .. Good[..12]];
    }
}
