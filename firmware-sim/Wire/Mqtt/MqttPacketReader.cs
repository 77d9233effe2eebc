using System.Buffers.Binary;

namespace FirmwareSim.Wire.Mqtt;

internal enum MqttPacketType { ConnectAck = 2, Publish = 3, PublishAck = 4, PingResponse = 13 }

/// <summary>One packet from the broker.</summary>
internal readonly record struct MqttPacket(MqttPacketType Type, byte[] Body)
{
    /// <summary>The packet identifier of a PUBACK, 0 when the packet is too short to have one.</summary>
    public ushort PacketId => Body.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Body) : (ushort)0;

    /// <summary>The return code of a CONNACK; 0 = accepted.</summary>
    public int ReturnCode => Body.Length >= 2 ? Body[1] : 0xFF;
}

/// <summary>Reads the packets a broker sends to a device that subscribes to nothing.</summary>
internal static class MqttPacketReader
{
    private const int BodyBytesMax = 1024;

    /// <summary>The next packet. An end of the stream and a packet that cannot be meant for us are an <see cref="IOException"/>.</summary>
    public static async ValueTask<MqttPacket> ReadAsync(Stream stream, CancellationToken stop)
    {
        byte[] one = new byte[1];
        await stream.ReadExactlyAsync(one, stop);
        var type = (MqttPacketType)(one[0] >> 4);
        int length = 0;
        for (int shift = 0; shift <= 21; shift += 7)
        {
            await stream.ReadExactlyAsync(one, stop);
            length |= (one[0] & 0x7F) << shift;
            if ((one[0] & 0x80) == 0) break;
        }
        if (length > BodyBytesMax) throw new IOException($"broker sent a packet of {length} bytes, expected at most {BodyBytesMax}");
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, stop);
        return new MqttPacket(type, body);
    }
}
