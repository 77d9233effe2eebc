using System.Buffers;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212NoiseTests
{
    private static readonly byte[] Good = Hj212Case.Frame("generated-ningbo-realtime");

    [Theory]
    [InlineData("any byte", 212)]
    [InlineData("##&&CP=0123456789ABCDEFa;,\r\n", 2017)]
    [InlineData("##&&01", 2025)]
    public void A_million_noisy_bytes_end_and_the_next_good_frame_is_found(string alphabet, int seed) => End(alphabet, seed, 1_000_000);

    [Theory]
    [InlineData("any byte", 212)]
    [InlineData("##&&CP=0123456789ABCDEFa;,\r\n", 2017)]
    public void Ten_million_noisy_bytes_end_and_the_next_good_frame_is_found(string alphabet, int seed) => End(alphabet, seed, 10_000_000);

    private static void End(string alphabet, int seed, int bytes)
    {
        var noise = Noise(new Random(seed), alphabet, bytes);
        var receiver = new Hj212Receiver();
        foreach (var chunk in noise.Concat(Good).Chunk(60_000))
            receiver.Feed(chunk);

        Assert.EndsWith(GoodEvent(), receiver.Events[^1], StringComparison.Ordinal);
        Assert.Equal(0, receiver.Kept);
    }

    [Theory]
    [InlineData("any byte", 1)]
    [InlineData("##&&CP=0123456789ABCDEFa;,", 2)]
    public void Every_noisy_byte_is_counted_once(string alphabet, int seed)
    {
        // Without line ends in the noise the books must balance exactly.
        var noise = Array.FindAll(Noise(new Random(seed), alphabet, 200_000), b => b is not ((byte)'\r' or (byte)'\n'));
        var receiver = Hj212Receiver.After([.. noise, .. Good]);

        Assert.Equal(noise.Length + Good.Length, receiver.Skipped + receiver.Dropped + receiver.FrameBytes + receiver.Kept);
    }

    [Fact]
    public void Short_noise_of_frame_like_pieces_never_hides_the_frame_behind_it()
    {
        string[] pieces =
            ["##", "#", "0101", "00", "&&", "&", "CP=", "cp=&&", "QN=1;", "1C80", "FFFF", "a", "\r\n", "##0000", "##0004", "x"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var noise = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var receiver = Hj212Receiver.After([.. System.Text.Encoding.ASCII.GetBytes(noise), .. Good]);
            Assert.True(receiver.Events.Count > 0 && receiver.Events[^1] == GoodEvent(), $"seed {seed}: {noise}");
        }
    }

    [Fact]
    public void Noise_in_the_parsers_is_an_answer_and_not_an_exception()
    {
        var random = new Random(39);
        for (var i = 0; i < 20_000; i++)
        {
            var segment = Hj212Segment.Parse(Noise(random, "CcPp=&&;;,,--QNqnFlagST 0123456789aRtd\0", random.Next(0, 80)));
            _ = segment.ReadDataTime(out _);
            foreach (var item in new Hj212ItemReader(segment.Cp))
                _ = item.TryGetNumber(out _) | item.TryGetStatus(out _, out _);
            _ = Hj212Reply.WriteDataAck(new ArrayBufferWriter<byte>(), segment);
            _ = Hj212Writer.Write(new ArrayBufferWriter<byte>(), segment);
        }
    }

    private static string GoodEvent() => $"Standard Exact {Hj212Text.Ascii(Good.AsSpan()[6..^4])}";

    private static byte[] Noise(Random random, string alphabet, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        if (alphabet != "any byte")
        {
            for (var i = 0; i < noise.Length; i++)
                noise[i] = (byte)alphabet[noise[i] % alphabet.Length];
        }
        return noise;
    }
}
