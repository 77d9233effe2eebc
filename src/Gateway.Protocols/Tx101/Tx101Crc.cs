namespace Gateway.Protocols.Tx101;

/// <summary>The checksum: CRC-8, polynomial E5, start 0, most significant bit first, no final XOR, over everything from the control byte to the end of the data.</summary>
/// <remarks><b>source</b> DOMAIN §1.6, from the device's firmware; "123456789" gives F7.</remarks>
public static class Tx101Crc
{
    private const int Polynomial = 0xE5;

    private static readonly byte[] Table = BuildTable();

    public static byte Of(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (byte b in bytes) crc = Table[crc ^ b];
        return crc;
    }

    private static byte[] BuildTable()
    {
        var table = new byte[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x80) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = (byte)crc;
        }
        return table;
    }
}
