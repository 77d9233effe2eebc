using System.Buffers;

namespace Gateway.Protocols.Mqtt;

/// <summary>One packet's fixed header and body [§2.1], still in the caller's buffer.</summary>
public readonly ref struct MqttFrame
{
    // Type, flags and a length of four bytes.
    private const int HeadBytesMax = 5;

    private MqttFrame(byte head, int length, ReadOnlySequence<byte> body) => (Head, Length, Body) = (head, length, body);

    public byte Head { get; }

    /// <summary>Bytes of the whole packet, fixed header included: what a maximum packet size is measured by [§3.1.2.11.4].</summary>
    public int Length { get; }

    public ReadOnlySequence<byte> Body { get; }

    public MqttPacketType Type => (MqttPacketType)(Head >> 4);

    public byte Flags => (byte)(Head & 0x0F);

    // Bits 3–0 of the first byte [table 2-2]; PUBLISH uses its own.
    private static ReadOnlySpan<byte> FixedFlags => [0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0];

    /// <summary>Takes the next packet off the buffer.</summary>
    /// <param name="packetBytesMax">Largest whole packet that is accepted; judged by the head alone, before the body is there.</param>
    /// <returns>Done: <paramref name="buffer"/> starts after the packet. NeedMoreData: nothing was taken. InvalidData: nothing was taken and <paramref name="verdict"/> says why.</returns>
    /// <remarks>Type 0, reserved flags, the length's form and a PINGREQ or PINGRESP with a body are judged here, once. AUTH is let through: whether the connection speaks 5.0 is not known here.</remarks>
    public static OperationStatus TryRead(ref ReadOnlySequence<byte> buffer, int packetBytesMax, out MqttFrame frame, out MqttVerdict verdict)
    {
        frame = default;
        verdict = MqttVerdict.Ok;
        Span<byte> scratch = stackalloc byte[HeadBytesMax];
        scoped var head = buffer.FirstSpan;
        if (head.Length < HeadBytesMax && !buffer.IsSingleSegment)
        {
            int length = (int)Math.Min(buffer.Length, HeadBytesMax);
            buffer.Slice(0, length).CopyTo(scratch);
            head = scratch[..length];
        }
        if (head.IsEmpty) return OperationStatus.NeedMoreData;
        verdict = CheckFirst(head[0]);
        if (!verdict.IsOk) return OperationStatus.InvalidData;
        var status = MqttVarint.TryRead(head[1..], out uint remaining, out int lengthBytes);
        if (status == OperationStatus.InvalidData) verdict = MqttVerdict.Malformed("remaining length of five bytes, or of more than it needs", "MQTT-1.5.5-1");
        if (status != OperationStatus.Done) return status;
        int whole = 1 + lengthBytes + (int)remaining;
        if (whole > packetBytesMax)
        {
            verdict = new MqttVerdict(MqttReason.PacketTooLarge, "packet larger than accepted here", "§3.2.2.3.6");
            return OperationStatus.InvalidData;
        }
        if (remaining > 0 && (MqttPacketType)(head[0] >> 4) is MqttPacketType.Pingreq or MqttPacketType.Pingresp)
        {
            verdict = MqttVerdict.Malformed("PINGREQ or PINGRESP with a body", "§3.12");
            return OperationStatus.InvalidData;
        }
        if (buffer.Length < whole) return OperationStatus.NeedMoreData;
        frame = new MqttFrame(head[0], whole, buffer.Slice(1 + lengthBytes, remaining));
        buffer = buffer.Slice(whole);
        return OperationStatus.Done;
    }

    private static MqttVerdict CheckFirst(byte first)
    {
        int type = first >> 4;
        if (type == (int)MqttPacketType.Publish) return MqttVerdict.Ok;
        if (type == 0) return MqttVerdict.Malformed("packet type 0 is reserved", "§2.1.2");
        return (first & 0x0F) == FixedFlags[type] ? MqttVerdict.Ok : MqttVerdict.Malformed("reserved flags of the fixed header are not as listed", "MQTT-2.1.3-1");
    }
}
