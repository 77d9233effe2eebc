namespace Gateway.Protocols.Tx101;

/// <summary>The six bytes in which the device writes civil time: ss mm HH dd, (weekday in the upper three bits, month), yy; all BCD, years from 2000.</summary>
/// <remarks><b>shape</b> weekday 1 Monday to 7 Sunday, as the device's clock chip counts; it is written but not read.</remarks>
public static class Tx101Time
{
    public const int Bytes = 6;

    private const int MonthAt = 4;
    private const byte MonthBits = 0x1F;

    /// <returns>False when a digit is none or there is no such moment.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bcd, out DateTime civil)
    {
        civil = default;
        Span<int> parts = stackalloc int[Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            int digits = i == MonthAt ? bcd[i] & MonthBits : bcd[i];
            if (digits >> 4 > 9 || (digits & 15) > 9) return false;
            parts[i] = (digits >> 4) * 10 + (digits & 15);
        }
        int year = 2000 + parts[5], month = parts[MonthAt], day = parts[3];
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || parts[2] > 23 || parts[1] > 59 || parts[0] > 59) return false;
        civil = new DateTime(year, month, day, parts[2], parts[1], parts[0], DateTimeKind.Unspecified);
        return true;
    }

    public static void Write(Span<byte> to, DateTime civil)
    {
        ReadOnlySpan<int> parts = [civil.Second, civil.Minute, civil.Hour, civil.Day, civil.Month, civil.Year % 100];
        for (int i = 0; i < Bytes; i++) to[i] = (byte)(parts[i] / 10 << 4 | parts[i] % 10);
        int weekday = civil.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)civil.DayOfWeek;
        to[MonthAt] |= (byte)(weekday << 5);
    }
}
