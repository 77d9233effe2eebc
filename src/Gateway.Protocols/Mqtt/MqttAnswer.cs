using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>The packets a listener sends.</summary>
public static class MqttAnswer
{
    /// <summary>PUBACK, PUBREC, PUBCOMP or UNSUBACK: a head and a packet id, four bytes.</summary>
    public static void Id(IBufferWriter<byte> to, MqttPacketType type, ushort packetId)
    {
        var span = to.GetSpan(4);
        (span[0], span[1]) = ((byte)((int)type << 4), 2);
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], packetId);
        to.Advance(4);
    }

    /// <summary>CONNACK [§3.2] for 3.1.1.</summary>
    public static void Connack(IBufferWriter<byte> to, MqttReturnCode code) => to.Write((ReadOnlySpan<byte>)[0x20, 2, 0, (byte)code]);

    /// <summary>CONNACK of MQTT 5.0 with reason 0x84, unsupported protocol version: the form a 5.0 client can read.</summary>
    public static void ConnackUnsupportedV5(IBufferWriter<byte> to) => to.Write((ReadOnlySpan<byte>)[0x20, 3, 0, 0x84, 0]);

    public static void Pingresp(IBufferWriter<byte> to) => to.Write((ReadOnlySpan<byte>)[0xD0, 0]);

    /// <summary>SUBACK that refuses every filter (0x80) [§3.9.3].</summary>
    public static void SubackRefused(IBufferWriter<byte> to, ushort packetId, int filters)
    {
        to.Write((ReadOnlySpan<byte>)[0x90, (byte)(2 + filters), (byte)(packetId >> 8), (byte)packetId]);
        for (int i = 0; i < filters; i++) to.Write((ReadOnlySpan<byte>)[0x80]);
    }
}

/// <summary>CONNACK return codes [table 3.1].</summary>
public enum MqttReturnCode : byte { Accepted, UnacceptableProtocolLevel, IdentifierRejected, ServerUnavailable, BadUserNameOrPassword, NotAuthorized }
