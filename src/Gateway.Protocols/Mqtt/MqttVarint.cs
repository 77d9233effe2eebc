using System.Buffers;

namespace Gateway.Protocols.Mqtt;

/// <summary>Variable byte integer [§1.5.5]: 1–4 bytes, 7 bits each, least significant first.</summary>
internal static class MqttVarint
{
    public const uint Max = 268_435_455;

    /// <returns>InvalidData: five bytes, or more bytes than needed [MQTT-1.5.5-1]. NeedMoreData: <paramref name="from"/> ends inside it.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> from, out uint value, out int bytes)
    {
        (value, bytes) = (0, 0);
        while (bytes < from.Length)
        {
            uint b = from[bytes];
            value |= (b & 0x7F) << (7 * bytes);
            bytes++;
            if (b < 0x80) return b == 0 && bytes > 1 ? OperationStatus.InvalidData : OperationStatus.Done;
            if (bytes == 4) return OperationStatus.InvalidData;
        }
        return OperationStatus.NeedMoreData;
    }

    public static int Length(uint value) => value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;

    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, uint value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max);
        int at = 0;
        for (; value >= 0x80; value >>= 7) to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
        return at;
    }
}
