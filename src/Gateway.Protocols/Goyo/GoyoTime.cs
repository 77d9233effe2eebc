namespace Gateway.Protocols.Goyo;

/// <summary>The six bytes of BCD in which the vendor writes civil time: yy MM dd HH mm ss, years from 2000.</summary>
public static class GoyoTime
{
    public const int Bytes = 6;

    /// <returns>False when a digit is none or there is no such moment.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bcd, out DateTime civil)
    {
        civil = default;
        Span<int> parts = stackalloc int[Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            if (bcd[i] >> 4 > 9 || (bcd[i] & 15) > 9) return false;
            parts[i] = (bcd[i] >> 4) * 10 + (bcd[i] & 15);
        }
        int year = 2000 + parts[0];
        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(year, parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return false;
        civil = new DateTime(year, parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Unspecified);
        return true;
    }

    public static void Write(Span<byte> to, DateTime civil)
    {
        ReadOnlySpan<int> parts = [civil.Year % 100, civil.Month, civil.Day, civil.Hour, civil.Minute, civil.Second];
        for (int i = 0; i < Bytes; i++) to[i] = (byte)(parts[i] / 10 << 4 | parts[i] % 10);
    }
}
