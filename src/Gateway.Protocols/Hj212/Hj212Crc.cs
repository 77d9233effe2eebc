namespace Gateway.Protocols.Hj212;

/// <summary>The checksums found in the CRC field: the standard's own CRC-16 and the Modbus one that some firmware uses instead.</summary>
/// <remarks>
/// <b>units</b> both run over the data segment only, polynomial 0xA001 reflected, start 0xFFFF. <b>source</b> HJ 212-2017 Annex A;
/// check values for "123456789": standard 0x2F80, Modbus 0x4B37.
/// </remarks>
public static class Hj212Crc
{
    private static readonly ushort[] Table = BuildTable();

    /// <summary>Annex A: the high byte moves down and is XORed with the next byte; the low byte is dropped.</summary>
    public static ushort Standard(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFF;
        foreach (var b in data)
            crc = Table[(crc >> 8) ^ b];
        return (ushort)crc;
    }

    /// <summary>CRC-16/MODBUS over the same bytes.</summary>
    public static ushort Modbus(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFF;
        foreach (var b in data)
            crc = (crc >> 8) ^ Table[(crc ^ b) & 0xFF];
        return (ushort)crc;
    }

    /// <summary>
    /// Says by which rule <paramref name="sent"/> is the checksum of <paramref name="data"/>; the standard's rule is tried first.
    /// </summary>
    public static Hj212CrcVerdict Judge(ReadOnlySpan<byte> data, ushort sent)
    {
        if (sent == Standard(data))
            return Hj212CrcVerdict.Standard;
        var modbus = Modbus(data);
        if (sent == modbus)
            return Hj212CrcVerdict.ModbusHighFirst;
        if (sent == (ushort)((modbus << 8) | (modbus >> 8)))
            return Hj212CrcVerdict.ModbusLowFirst;
        if (data.EndsWith("&&"u8) && sent == Standard(data[..^2]))
            return Hj212CrcVerdict.StandardWithoutClosing;
        return Hj212CrcVerdict.Wrong;
    }

    /// <summary>Reads the CRC field: exactly four hex digits in upper or lower case, high digit first.</summary>
    /// <returns>False when <paramref name="field"/> has another length or another character.</returns>
    public static bool TryReadField(ReadOnlySpan<byte> field, out ushort crc)
    {
        crc = 0;
        if (field.Length != Hj212Limits.CrcBytes)
            return false;
        var value = 0;
        foreach (var b in field)
        {
            if (!char.IsAsciiHexDigit((char)b))
                return false;
            value = (value << 4) | (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        }
        crc = (ushort)value;
        return true;
    }

    // One table serves both rules: they differ in which half of the register meets the next byte.
    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
