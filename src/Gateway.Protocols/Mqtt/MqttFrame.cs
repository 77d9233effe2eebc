using System.Buffers;

namespace Gateway.Protocols.Mqtt;

/// <summary>Control packet types [MQTT-3.1.1 §2.2.1].</summary>
public enum MqttPacketType : byte
{
    Connect = 1, Connack, Publish, Puback, Pubrec, Pubrel, Pubcomp, Subscribe, Suback, Unsubscribe, Unsuback, Pingreq, Pingresp, Disconnect,
}

/// <summary>One packet's fixed header and body, still in the caller's buffer.</summary>
public readonly ref struct MqttFrame
{
    private MqttFrame(byte head, ReadOnlySequence<byte> body) => (Head, Body) = (head, body);

    public byte Head { get; }

    public ReadOnlySequence<byte> Body { get; }

    public MqttPacketType Type => (MqttPacketType)(Head >> 4);

    public byte Flags => (byte)(Head & 0x0F);

    /// <summary>Takes the next packet off the buffer.</summary>
    /// <param name="packetBytesMax">Largest remaining length that is accepted.</param>
    /// <returns>Done: <paramref name="buffer"/> starts after the packet. NeedMoreData: nothing was taken. InvalidData: too long, or a length of five bytes.</returns>
    public static OperationStatus TryRead(ref ReadOnlySequence<byte> buffer, int packetBytesMax, out MqttFrame frame)
    {
        frame = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out byte head)) return OperationStatus.NeedMoreData;
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (shift == 28) return OperationStatus.InvalidData;
            if (!reader.TryRead(out byte b)) return OperationStatus.NeedMoreData;
            length |= (b & 0x7F) << shift;
            if ((b & 0x80) == 0) break;
        }
        if (length > packetBytesMax) return OperationStatus.InvalidData;
        if (reader.Remaining < length) return OperationStatus.NeedMoreData;
        frame = new MqttFrame(head, buffer.Slice(reader.Position, length));
        buffer = buffer.Slice(frame.Body.End);
        return OperationStatus.Done;
    }
}
