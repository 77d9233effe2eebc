namespace Gateway.Protocols.Tx101;

/// <summary>The three bytes in which the device writes a quantity: sign and thousands, hundreds and tens, ones and tenths.</summary>
/// <remarks><b>units</b> −9999.9 to 9999.9 in steps of 0.1 of whatever it counts. <b>shape</b> the sign nibble is 1 for a negative number.</remarks>
public static class Tx101Bcd
{
    public const int Bytes = 3;

    /// <returns>False when a digit is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bcd, out double value)
    {
        value = 0;
        int thousands = bcd[0] & 15;
        if (bcd[0] >> 4 > 1 || thousands > 9 || bcd[1] >> 4 > 9 || (bcd[1] & 15) > 9 || bcd[2] >> 4 > 9 || (bcd[2] & 15) > 9) return false;
        int tenths = ((thousands * 10 + (bcd[1] >> 4)) * 10 + (bcd[1] & 15)) * 100 + (bcd[2] >> 4) * 10 + (bcd[2] & 15);
        // Minus nothing is nothing.
        value = (bcd[0] >> 4 == 1 && tenths != 0 ? -tenths : tenths) / 10.0;
        return true;
    }
}
