namespace Gateway.Protocols.Modbus;

/// <summary>The CRC-16 that closes every RTU frame, low byte first on the wire.</summary>
/// <remarks>Source: MODBUS over Serial Line V1.02, 2.5.1.2 and appendix B (6.2.2): polynomial 0xA001, start 0xFFFF.</remarks>
public static class ModbusCrc
{
    /// <summary>Bytes a CRC takes.</summary>
    public const int Size = 2;

    private const ushort Polynomial = 0xA001;
    private static readonly ushort[] s_table = BuildTable();

    /// <summary>The CRC of <paramref name="bytes"/>; of an intact frame including its CRC it is 0.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        var table = s_table;
        ushort crc = 0xFFFF;
        foreach (var value in bytes)
            crc = (ushort)((crc >> 8) ^ table[(byte)(crc ^ value)]);

        return crc;
    }

    /// <summary>True when <paramref name="frame"/> ends with its own CRC.</summary>
    public static bool Closes(ReadOnlySpan<byte> frame) => frame.Length > Size && Compute(frame) == 0;

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1);

            table[i] = crc;
        }

        return table;
    }
}
