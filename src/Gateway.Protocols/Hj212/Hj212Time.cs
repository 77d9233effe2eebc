namespace Gateway.Protocols.Hj212;

/// <summary>A civil time as the device's own clock shows it; which zone that clock runs in is not known here.</summary>
/// <remarks>
/// <b>units</b> year 1..9999, hour 0..23, second 0..59. <b>shape</b> <c>YYYYMMDDhhmmss</c> and up to three digits read as a decimal
/// fraction of the second: 15 digits are tenths, 17 milliseconds. <b>source</b> HJ 212-2017 DataTime (14 digits) and QN (17 digits); 15
/// and 16 were seen.
/// </remarks>
public readonly record struct Hj212Time(int Year, int Month, int Day, int Hour, int Minute, int Second, int Millisecond)
{
    /// <summary>Reads 14 to 17 digits.</summary>
    public static Hj212TimeVerdict Parse(ReadOnlySpan<byte> text, out Hj212Time time)
    {
        time = default;
        if (text.IsEmpty)
            return Hj212TimeVerdict.Missing;
        if (text.Length is < 14 or > 17)
            return Hj212TimeVerdict.WrongLength;
        if (text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return Hj212TimeVerdict.NotDigits;

        var fraction = Digits(text[14..]);
        for (var i = text.Length; i < 17; i++)
            fraction *= 10;
        var read = new Hj212Time(
            Digits(text[..4]), Digits(text[4..6]), Digits(text[6..8]),
            Digits(text[8..10]), Digits(text[10..12]), Digits(text[12..14]), fraction);
        if (!read.Exists())
            return Hj212TimeVerdict.OutOfRange;
        time = read;
        return Hj212TimeVerdict.Ok;
    }

    /// <summary>The same fields with <see cref="DateTimeKind.Unspecified"/>.</summary>
    public DateTime ToCivil() => new(Year, Month, Day, Hour, Minute, Second, Millisecond, DateTimeKind.Unspecified);

    private bool Exists() =>
        Year >= 1 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month)
        && Hour <= 23 && Minute <= 59 && Second <= 59;

    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = (value * 10) + (digit - '0');
        return value;
    }
}
