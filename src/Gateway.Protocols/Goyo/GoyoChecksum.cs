namespace Gateway.Protocols.Goyo;

/// <summary>The checksums of the vendor: CRC-16/XMODEM over the payload (02 13 03), the negated sum of the bytes (01).</summary>
/// <remarks><b>source</b> DOMAIN §1.4 and §1.5, recomputed from the vendor's frames; "123456789" gives 31C3. The rule of version 11 is not known.</remarks>
public static class GoyoChecksum
{
    private const int Polynomial = 0x1021;

    private static readonly ushort[] Table = BuildTable();

    /// <summary>Start 0, most significant bit first, no final XOR; an empty payload gives 0.</summary>
    public static ushort Xmodem(ReadOnlySpan<byte> payload)
    {
        ushort crc = 0;
        foreach (byte b in payload) crc = Step(crc, b);
        return crc;
    }

    /// <summary>What makes the sum of all bytes, itself included, zero.</summary>
    public static byte Negated(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes) sum += b;
        return (byte)-sum;
    }

    internal static ushort Step(ushort crc, byte b) => (ushort)((crc << 8) ^ Table[(crc >> 8) ^ b]);

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
