using Xunit;

namespace Gateway.Protocols.Tests.Framing;

/// <summary>What every scanner of a stream of frames keeps: however the stream is cut, the same frames, drops and leftovers come out.</summary>
public abstract class FrameStreamContract
{
    /// <summary>Frames of every kind, noise between them, damaged and torn ones.</summary>
    protected abstract byte[] Stream { get; }

    /// <summary>What random streams are made of: beginnings and ends of frames, noise, whole frames.</summary>
    protected abstract byte[][] Fragments { get; }

    [Fact]
    public void Any_split_in_two_gives_the_same_frames()
    {
        var whole = Receiver().Take(Stream);
        for (int cut = 0; cut <= Stream.Length; cut++) AssertSame(whole, Receiver().Take(Stream[..cut], Stream[cut..]), $"cut at {cut}");
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_frames() => AssertSame(Receiver().Take(Stream), Receiver().Take([.. Stream.Select(b => new[] { b })]), "single bytes");

    [Fact]
    public void Random_splits_of_noise_and_frames_give_the_same_answers()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            byte[] stream = [.. Pieces(random, 60)];
            var whole = Receiver().Take(stream);
            var dripped = Receiver();
            for (int at = 0, next; at < stream.Length; at = next)
            {
                next = Math.Min(stream.Length, at + random.Next(1, 1 << random.Next(1, 9)));
                dripped.Feed(stream.AsSpan()[at..next]);
            }
            AssertSame(whole, dripped, $"seed {seed}");
        }
    }

    private protected abstract FrameReceiver Receiver(bool noting = true);

    /// <summary>Random bytes, of an alphabet where one is given.</summary>
    protected static byte[] Noise(byte[]? alphabet, int length, int seed)
    {
        byte[] noise = new byte[length];
        new Random(seed).NextBytes(noise);
        if (alphabet is not null)
            for (int i = 0; i < length; i++) noise[i] = alphabet[noise[i] % alphabet.Length];
        return noise;
    }

    protected IEnumerable<byte> Pieces(Random random, int count)
    {
        for (int i = 0; i < count; i++)
            foreach (byte b in Fragments[random.Next(Fragments.Length)]) yield return b;
    }

    private static void AssertSame(FrameReceiver expected, FrameReceiver actual, string where)
    {
        if (!expected.Events.SequenceEqual(actual.Events)) Assert.Fail($"{where}: expected\n{string.Join('\n', expected.Events)}\nsaw\n{string.Join('\n', actual.Events)}");
        Assert.True((expected.Skipped, expected.Dropped, expected.Kept) == (actual.Skipped, actual.Dropped, actual.Kept), where);
    }
}
