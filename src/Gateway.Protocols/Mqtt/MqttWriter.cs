using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>Writes packets, for both ends. Acknowledgements and PUBLISH allocate nothing.</summary>
/// <remarks>
/// <b>errors</b> what is written is not judged: a caller that hands in what the readers would refuse sends it. Only what has no form on the wire is an
/// <see cref="ArgumentOutOfRangeException"/>, before anything is written: a text or binary above 65535 bytes, a packet above 268435455.
/// <b>source</b> every packet's section in MQTT 5.0; with <see cref="MqttVersion.V311"/> what 3.1.1 does not have is left out.
/// </remarks>
public static partial class MqttWriter
{
    public static void Pingreq(IBufferWriter<byte> to) => to.Write((ReadOnlySpan<byte>)[0xC0, 0]);

    public static void Pingresp(IBufferWriter<byte> to) => to.Write((ReadOnlySpan<byte>)[0xD0, 0]);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP: four bytes when there is nothing but Success to say, as always in 3.1.1, which has no reasons.</summary>
    public static void Ack(IBufferWriter<byte> to, MqttVersion version, MqttPacketType type, ushort packetId, MqttReason reason = MqttReason.Success, string? reasonString = null)
    {
        bool isBare = version != MqttVersion.V5 || (reason == MqttReason.Success && reasonString is null);
        if (!isBare)
        {
            AckWithReason(to, type, packetId, reason, reasonString);
            return;
        }
        var span = to.GetSpan(4);
        span[0] = (byte)((int)type << 4 | FlagsOf(type));
        span[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], packetId);
        to.Advance(4);
    }

    private static void AckWithReason(IBufferWriter<byte> to, MqttPacketType type, ushort packetId, MqttReason reason, string? reasonString)
    {
        var body = new MqttComposer();
        body.U16(packetId);
        body.Byte((byte)reason);
        if (reasonString is not null) body.Block(ReasonString(reasonString));
        body.Send(to, type, FlagsOf(type));
    }

    private static MqttComposer ReasonString(string? reasonString)
    {
        var properties = new MqttComposer();
        properties.Text(MqttPropertyId.ReasonString, reasonString);
        return properties;
    }

    // Bit 1 is set where the standard says so [table 2-2].
    private static int FlagsOf(MqttPacketType type) => type == MqttPacketType.Pubrel ? 2 : 0;
}
