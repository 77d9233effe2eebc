using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212SplitTests
{
    private const string TwoEnds = "CP=&&a=1&&0000;b=2";

    private static readonly byte[] Stream = Build();

    [Fact]
    public void Any_split_in_two_gives_the_same_frames()
    {
        var whole = Hj212Receiver.After(Stream);
        for (var cut = 0; cut <= Stream.Length; cut++)
            AssertSame(whole, Hj212Receiver.After(Stream[..cut], Stream[cut..]), $"cut at {cut}");
    }

    [Fact]
    public void Any_two_segments_of_one_buffer_give_the_same_frames()
    {
        var whole = Hj212Receiver.After(Stream);
        for (var cut = 1; cut < Stream.Length; cut++)
        {
            var receiver = new Hj212Receiver();
            receiver.Feed(Scattered.At(Stream, cut));
            AssertSame(whole, receiver, $"segment ends at {cut}");
        }
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_frames() =>
        AssertSame(Hj212Receiver.After(Stream), Hj212Receiver.After([.. Stream.Select(b => new[] { b })]), "single bytes");

    [Fact]
    public void Random_splits_give_the_same_frames()
    {
        var whole = Hj212Receiver.After(Stream);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var receiver = new Hj212Receiver();
            for (int at = 0, next; at < Stream.Length; at = next)
            {
                next = Math.Min(Stream.Length, at + random.Next(0, 1 << random.Next(1, 11)));
                receiver.Feed(Stream[at..next]);
            }
            AssertSame(whole, receiver, $"seed {seed}");
        }
    }

    [Fact]
    public void The_stream_of_these_tests_holds_every_kind_of_answer()
    {
        var events = Hj212Receiver.After(Stream).Events;

        Assert.Equal(Hj212Case.Names.Count + 1, events.Count(e => e.Contains("ST=", StringComparison.Ordinal)));
        Assert.Equal(2, events.Count(e => e.StartsWith("Truncated", StringComparison.Ordinal)));
        Assert.Contains("Wrong DeclaredTooLong CP=&&a=1&&", events);
        Assert.Single(events, e => e.StartsWith("TooLong", StringComparison.Ordinal));
    }

    private static void AssertSame(Hj212Receiver expected, Hj212Receiver actual, string where)
    {
        if (!expected.Events.SequenceEqual(actual.Events))
            Assert.Fail($"{where}: expected\n{string.Join('\n', expected.Events)}\nsaw\n{string.Join('\n', actual.Events)}");
        Assert.True((expected.Skipped, expected.Dropped, expected.Kept) == (actual.Skipped, actual.Dropped, actual.Kept), where);
    }

    private static byte[] Build()
    {
        string[] between = ["\r\n", "\n", "", "\r\nREG,17\r\n", "\n\0\xFF", "##12", "#", "\r\n##0099QN=2018&&CP=&&a3", "\r\n##0010&&1C"];
        var stream = new List<byte>("DTU-0042\r\n"u8.ToArray());
        for (var i = 0; i < Hj212Case.Names.Count; i++)
        {
            stream.AddRange(Hj212Case.Frame(Hj212Case.Names[i]));
            stream.AddRange(Encoding.Latin1.GetBytes(i < between.Length ? between[i] : between[i % 3]));
        }
        // No closing marks: length and CRC carry it. Then a frame that never ends, and the head of one more.
        stream.AddRange("##0009ST=456789B7C1"u8);
        // A tail inside a stretch that length and CRC would also carry: the earlier end wins, even when the later one is there.
        stream.AddRange(Encoding.ASCII.GetBytes($"##0018{TwoEnds}{Hj212Crc.Standard(Encoding.ASCII.GetBytes(TwoEnds)):X4}\r\n"));
        stream.AddRange(Encoding.ASCII.GetBytes($"##0009{new string('y', 4500)}\r\n"));
        stream.AddRange("##0101QN=2016"u8);
        return [.. stream];
    }
}
