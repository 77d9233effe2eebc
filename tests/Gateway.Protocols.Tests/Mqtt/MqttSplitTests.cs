using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttSplitTests
{
    private static readonly byte[] Stream = MqttNotation.Bytes("10 [<MQTT> 05 02 003C [] <d1>] 33 [<a> 000A [] 'hi'] C0 [] 62 [0102] 82 [000A [] <a/b> 01] E0 []");

    [Fact]
    public void Any_split_of_the_bytes_in_time_gives_the_same_packets()
    {
        var whole = Packets([Stream]);
        Assert.Equal(6, whole.Count);
        for (int first = 0; first <= Stream.Length; first++)
            for (int second = first; second <= Stream.Length; second++)
                Assert.Equal(whole, Packets([Stream[..first], Stream[first..second], Stream[second..]]));
        Assert.Equal(whole, Packets([.. Stream.Select(b => new[] { b })]));
    }

    [Fact]
    public void Any_split_of_the_bytes_into_segments_gives_the_same_packets()
    {
        var whole = Packets([Stream]);
        for (int first = 0; first <= Stream.Length; first++)
            for (int second = first; second <= Stream.Length; second++)
                Assert.Equal(whole, Taken(Scattered.At(Stream, first, second)));
        Assert.Equal(whole, Taken(Scattered.At(Stream, [.. Enumerable.Range(1, Stream.Length - 1)])));
    }

    [Fact]
    public void A_refusal_is_the_same_in_any_split()
    {
        byte[] bad = Convert.FromHexString("30FFFFFFFF7F");
        for (int cut = 0; cut <= bad.Length; cut++)
        {
            var buffer = Scattered.At(bad, cut);
            Assert.Equal(OperationStatus.InvalidData, MqttFrame.TryRead(ref buffer, int.MaxValue, out _, out var verdict));
            Assert.Equal((bad.Length, "MQTT-1.5.5-1"), (buffer.Length, verdict.Clause));
        }
    }

    /// <summary>Feeds pieces as they would come from a socket and reads after each.</summary>
    private static List<string> Packets(IReadOnlyList<byte[]> pieces)
    {
        var packets = new List<string>();
        byte[] held = [];
        foreach (byte[] piece in pieces)
        {
            byte[] now = [.. held, .. piece];
            var buffer = Scattered.At(now, held.Length);
            Take(ref buffer, packets);
            held = buffer.ToArray();
        }
        Assert.Empty(held);
        return packets;
    }

    private static List<string> Taken(ReadOnlySequence<byte> buffer)
    {
        var packets = new List<string>();
        Take(ref buffer, packets);
        Assert.True(buffer.IsEmpty);
        return packets;
    }

    private static void Take(ref ReadOnlySequence<byte> buffer, List<string> packets)
    {
        while (MqttFrame.TryRead(ref buffer, 65_536, out var frame, out _) == OperationStatus.Done) packets.Add($"{frame.Head:X2} {frame.Length} {Convert.ToHexString(frame.Body.ToArray())}");
    }
}
