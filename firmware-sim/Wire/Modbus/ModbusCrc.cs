namespace FirmwareSim.Wire.Modbus;

/// <summary>CRC-16/MODBUS, sent low byte first. "123456789" gives 4B37.</summary>
internal static class ModbusCrc
{
    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        int register = 0xFFFF;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
                register = (register & 1) != 0 ? (register >> 1) ^ 0xA001 : register >> 1;
        }
        return (ushort)register;
    }

    /// <summary>True when the last two bytes are the checksum of those before.</summary>
    public static bool IsValid(ReadOnlySpan<byte> frame) =>
        frame.Length > 2 && Compute(frame[..^2]) == (frame[^2] | (frame[^1] << 8));

    /// <summary>The bytes with their checksum behind.</summary>
    public static byte[] Append(ReadOnlySpan<byte> bytes)
    {
        ushort crc = Compute(bytes);
        return [.. bytes, (byte)crc, (byte)(crc >> 8)];
    }
}
