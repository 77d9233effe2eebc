using System.Text;
using Gateway.Protocols.Goyo;
using Gateway.Protocols.Tests.Framing;
using Xunit;

namespace Gateway.Protocols.Tests.Goyo;

/// <summary>However a stream is cut, and whatever noise is in it.</summary>
public sealed class GoyoStreamTests : FrameStreamContract
{
    private static readonly HexCases Cases = new("Goyo");
    private static readonly byte[] Good = Cases.Frame("generated-021303-realtime");
    private static readonly byte[] Whole = Build();

    protected override byte[] Stream => Whole;

    protected override byte[][] Fragments { get; } =
    [
        [0xA5], [0xA5, 0x5A], [0xA5, 0x5A, 2, 0x13, 3], [0xA5, 0x5A, 2, 0x13, 3, 0, 0, 0], [0xEE, 0xFF], [0, 0, 0xEE, 0xFF], [0x7E], [0x7E, 0x7E], [0x7E, 0x7E, 1, 0], [0x7E, 0x7E, 0x11, 2],
        [0x7E, 0x7E, 0x0E, 1], [0x7D, 0x7D], [0x7D], [0], "AAAA"u8.ToArray(), Good[..30], Cases.Frame("vendor-01-heartbeat"), Cases.Frame("generated-11-realtime"), Cases.Frame("vendor-021303-identity-card"),
    ];

    [Theory]
    [InlineData(null, 10_000_000, 213)]
    [InlineData(new byte[] { 0xA5, 0x5A, 0x02, 0x13, 0x03, 0xEE, 0xFF, 0x00 }, 1_000_000, 2)]
    [InlineData(new byte[] { 0x7E, 0x7D, 0x01, 0x11, 0x0E, 0x00 }, 1_000_000, 3)]
    public void Noisy_bytes_end_are_counted_once_and_the_next_good_frame_is_found(byte[]? alphabet, int length, int seed)
    {
        byte[] noise = Noise(alphabet, length, seed);
        // A frame that noise began may take as long as the longest frame to turn out none.
        byte[] filler = new byte[GoyoLimits.FrameBytesMax];
        var receiver = Receiver(noting: false);
        receiver.Feed(noise);
        long before = receiver.FrameBytes;
        receiver.Feed(filler);
        receiver.Feed(Good);
        receiver.Feed(filler);
        Assert.True(receiver.FrameBytes >= before + Good.Length);
        Assert.Equal(length + Good.Length + 2 * filler.Length, receiver.Skipped + receiver.Dropped + receiver.FrameBytes + receiver.Kept);
    }

    [Fact]
    public void Short_noise_of_frame_like_pieces_never_hides_the_frame_behind_it()
    {
        for (int seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var receiver = Receiver().Take([.. Pieces(random, random.Next(1, 6)), .. Good, .. new byte[GoyoLimits.FrameBytesMax]]);
            Assert.Contains(GoyoText.Of(GoyoScanner.Read(Good).Frame), receiver.Events);
        }
    }

    [Fact]
    public void Reading_a_frame_allocates_nothing()
    {
        byte[] bytes = [.. "noise"u8, .. Good];
        Run(bytes, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double sum = Run(bytes, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_000 * (235 + 4180.0 + 15), sum);
    }

    private protected override FrameReceiver Receiver(bool noting = true) => GoyoReceiver.Make(noting);

    private static double Run(byte[] bytes, int times)
    {
        double sum = 0;
        Span<byte> station = stackalloc byte[GoyoStation.CharactersMax];
        Span<byte> answer = stackalloc byte[GoyoWriter.AnswerBytesMax];
        for (int i = 0; i < times; i++)
        {
            var frame = GoyoScanner.Read(bytes).Frame;
            if (!GoyoRecord.TryRead(frame, out var record) || GoyoStation.Read(frame, station) == 0 || !record.TryGetTime(out var time)) continue;
            if (record.TryGet(GoyoItem.Load, out double load) && record.TryGet(GoyoItem.Radius, out double radius)) sum += load + radius + time.Minute;
            _ = GoyoWriter.HeartbeatAnswer(answer, frame.Version, time);
        }
        return sum;
    }

    private static byte[] Build()
    {
        byte[] wrong = [.. Good];
        wrong[30] ^= 0x10;
        var stream = new List<byte>(Encoding.ASCII.GetBytes("AAAA"));
        string[] between = ["", "!063.5\r\n", "\0", "~", "~~", "\u00A5", "\u00A5Z\u0002"];
        for (int i = 0; i < Cases.Names.Count; i++)
        {
            stream.AddRange(Cases.Frame(Cases.Names[i]));
            stream.AddRange(Encoding.Latin1.GetBytes(between[i % between.Length]));
        }
        return [.. stream, .. wrong, .. Good[..33], .. Good, 0x7E, 0x7E, 0x0E, 1, 9, 9, 9, 9, 0x7D, 0x7D, .. Cases.Frame("vendor-01-realtime")[..50], .. Good[..12]];
    }
}
