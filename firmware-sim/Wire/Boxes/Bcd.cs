namespace FirmwareSim.Wire.Boxes;

/// <summary>Decimal digits, two a byte.</summary>
internal static class Bcd
{
    public static byte Of(int value) => (byte)((value / 10 << 4) | (value % 10));

    public static int Value(byte bcd) => ((bcd >> 4) * 10) + (bcd & 15);

    /// <summary>Three bytes: sign and thousands, hundreds and tens, ones and tenths.</summary>
    public static byte[] Tenths(double value)
    {
        int tenths = (int)Math.Round(Math.Clamp(Math.Abs(value), 0, 9999.9) * 10);
        byte sign = value < 0 && tenths > 0 ? (byte)0x10 : (byte)0;
        return [(byte)(sign | (tenths / 10_000)), Of(tenths / 100 % 100), Of(tenths % 100)];
    }
}
