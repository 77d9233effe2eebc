using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttFrameTests
{
    private const int BytesMax = 65_536;

    [Theory]
    [InlineData("C000", MqttPacketType.Pingreq, 0, "")]
    [InlineData("E000", MqttPacketType.Disconnect, 0, "")]
    [InlineData("62020102", MqttPacketType.Pubrel, 2, "0102")]
    [InlineData("3307000161000A6869", MqttPacketType.Publish, 3, "000161000A6869")]
    [InlineData("C08000", MqttPacketType.Pingreq, 0, "")]
    public void A_packet_is_its_head_and_its_body(string hex, MqttPacketType type, byte flags, string body)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(OperationStatus.Done, MqttFrame.TryRead(ref buffer, BytesMax, out var frame));
        Assert.Equal((type, flags, body), (frame.Type, frame.Flags, Convert.ToHexString(frame.Body.ToArray())));
        Assert.True(buffer.IsEmpty);
    }

    [Theory]
    [InlineData("30FFFFFFFF01", BytesMax)]
    [InlineData("30FFFFFFFFFF", int.MaxValue)]
    [InlineData("308001", 127)]
    public void A_length_of_five_bytes_or_beyond_the_limit_is_invalid(string hex, int max)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(OperationStatus.InvalidData, MqttFrame.TryRead(ref buffer, max, out _));
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_packets()
    {
        byte[] stream = Convert.FromHexString("100E00044D51545404020 03C0002 6431".Replace(" ", "", StringComparison.Ordinal) + "3307000161000A6869" + "C000" + "62020102" + "E000");
        var whole = Packets([stream]);
        Assert.Equal(5, whole.Count);
        for (int first = 0; first <= stream.Length; first++)
            for (int second = first; second <= stream.Length; second++)
                Assert.Equal(whole, Packets([stream[..first], stream[first..second], stream[second..]]));
        Assert.Equal(whole, Packets([.. stream.Select(b => new[] { b })]));
    }

    [Fact]
    public void Noise_ends_in_a_refusal_or_a_wait_and_never_in_an_exception()
    {
        var random = new Random(20_260_305);
        byte[] noise = new byte[1_000_000];
        random.NextBytes(noise);
        var buffer = new ReadOnlySequence<byte>(noise);
        long refused = 0, taken = 0;
        while (!buffer.IsEmpty)
        {
            long before = buffer.Length;
            var status = MqttFrame.TryRead(ref buffer, 512, out var frame);
            if (status == OperationStatus.Done)
            {
                Assert.True(buffer.Length < before);
                byte[] body = frame.Body.ToArray();
                MqttPublish.TryParse(frame.Flags, body, out _);
                MqttConnect.TryParse(body, out _, out _);
                taken++;
                continue;
            }
            Assert.Equal(before, buffer.Length);
            // A listener closes here; the test looks at the next byte.
            buffer = buffer.Slice(1);
            refused++;
        }
        Assert.True(taken > 1_000 && refused > 1_000, $"taken {taken}, refused {refused}");
    }

    /// <summary>Feeds pieces as they would come from a socket and reads after each.</summary>
    private static List<string> Packets(IReadOnlyList<byte[]> pieces)
    {
        var packets = new List<string>();
        byte[] held = [];
        foreach (byte[] piece in pieces)
        {
            var buffer = Scattered(held, piece);
            while (MqttFrame.TryRead(ref buffer, BytesMax, out var frame) == OperationStatus.Done)
                packets.Add($"{frame.Head:X2} {Convert.ToHexString(frame.Body.ToArray())}");
            held = buffer.ToArray();
        }
        Assert.Empty(held);
        return packets;
    }

    private static ReadOnlySequence<byte> Scattered(byte[] held, byte[] piece)
    {
        var first = new Piece(held, null);
        var last = new Piece(piece, first);
        return new ReadOnlySequence<byte>(first, 0, last, piece.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes;
            if (before is null) return;
            before.Next = this;
            RunningIndex = before.RunningIndex + before.Memory.Length;
        }
    }
}
