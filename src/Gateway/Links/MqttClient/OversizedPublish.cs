using System.Buffers;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>What has to be known of a PUBLISH that is not going to be read: how long it is, and what acknowledges it.</summary>
/// <param name="Length">The whole packet, bytes.</param>
/// <param name="PacketId">0 at QoS 0.</param>
internal readonly record struct OversizedPublish(long Length, byte[] Topic, int Qos, ushort PacketId)
{
    /// <returns>InvalidData: another packet than PUBLISH. NeedMoreData: topic and packet id are not all there.</returns>
    public static OperationStatus TryRead(in ReadOnlySequence<byte> buffer, out OversizedPublish oversized)
    {
        oversized = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out byte first)) return OperationStatus.NeedMoreData;
        int qos = first >> 1 & 3;
        if (first >> 4 != (int)MqttPacketType.Publish || qos == 3) return OperationStatus.InvalidData;
        long remaining = 0;
        byte digit;
        int shift = 0;
        do
        {
            if (!reader.TryRead(out digit)) return OperationStatus.NeedMoreData;
            remaining |= (long)(digit & 0x7F) << shift;
            shift += 7;
        }
        while ((digit & 0x80) != 0);
        long length = reader.Consumed + remaining;
        if (!reader.TryReadBigEndian(out short topicLength) || !reader.TryReadExact((ushort)topicLength, out var topic)) return OperationStatus.NeedMoreData;
        short packetId = 0;
        if (qos > 0 && !reader.TryReadBigEndian(out packetId)) return OperationStatus.NeedMoreData;
        oversized = new OversizedPublish(length, topic.ToArray(), qos, (ushort)packetId);
        return reader.Consumed <= length && (qos == 0 || packetId != 0) ? OperationStatus.Done : OperationStatus.InvalidData;
    }
}
