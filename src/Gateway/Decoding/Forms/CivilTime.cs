namespace Gateway.Decoding.Forms;

/// <summary>
/// Reads the ways in which devices write civil time: <c>2026-03-05 10:00:00</c>, <c>2026/3/5 10:00</c>, ISO 8601 with <c>T</c>, fraction and offset,
/// <c>20260305100000</c> with or without milliseconds; also the day and the time of day alone.
/// </summary>
/// <remarks><b>Shape</b>: year first, four digits; hours 0 to 23. <b>Errors</b>: anything else is no time.</remarks>
public struct CivilTime
{
    public const long DayMs = 86_400_000;

    private DateOnly? _day;
    private long _timeOfDayMs;
    private bool _hasTime;
    private TimeSpan? _offset;

    /// <summary>Day and time of day in one text.</summary>
    public bool ReadWhole(ReadOnlySpan<byte> text)
    {
        if (!Day(ref text)) return false;
        if (!Skip(ref text, (byte)'T')) text = text.TrimStart((byte)' ');
        return Time(ref text) && text.IsEmpty;
    }

    public bool ReadDay(ReadOnlySpan<byte> text) => Day(ref text) && text.IsEmpty;

    public bool ReadTimeOfDay(ReadOnlySpan<byte> text) => Time(ref text) && text.IsEmpty;

    /// <summary>Unix time in ms, or 0 while day or time of day is missing. A text without an offset is the clock of that zone.</summary>
    public readonly long UnixMs(TimeZoneInfo zone)
    {
        if (_day is not { } day || !_hasTime) return 0;
        var local = day.ToDateTime(TimeOnly.MinValue).AddMilliseconds(_timeOfDayMs);
        var offset = _offset ?? zone.GetUtcOffset(local);
        return (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    private bool Day(ref ReadOnlySpan<byte> text)
    {
        if (!Digits(ref text, 4, 4, out int year)) return false;
        byte separator = !text.IsEmpty && text[0] is (byte)'-' or (byte)'/' or (byte)'.' ? text[0] : (byte)0;
        int digitsMin = separator == 0 ? 2 : 1;
        if (separator != 0) text = text[1..];
        if (!Digits(ref text, digitsMin, 2, out int month)) return false;
        if (separator != 0 && !Skip(ref text, separator)) return false;
        if (!Digits(ref text, digitsMin, 2, out int day)) return false;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        _day = new DateOnly(year, month, day);
        return true;
    }

    private bool Time(ref ReadOnlySpan<byte> text)
    {
        bool apart = text.IndexOf((byte)':') is 1 or 2;
        int second = 0, millisecond = 0;
        if (!Digits(ref text, apart ? 1 : 2, 2, out int hour) || apart && !Skip(ref text, (byte)':') || !Digits(ref text, 2, 2, out int minute)) return false;
        if ((apart ? Skip(ref text, (byte)':') : !text.IsEmpty && char.IsAsciiDigit((char)text[0])) && (!Digits(ref text, 2, 2, out second) || !Fraction(ref text, out millisecond))) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        (_timeOfDayMs, _hasTime) = (((hour * 60L + minute) * 60 + second) * 1000 + millisecond, true);
        return Offset(ref text);
    }

    /// <summary>Digits after a point, or (in a time without colons) right after the second; beyond the third they are dropped.</summary>
    private static bool Fraction(ref ReadOnlySpan<byte> text, out int millisecond)
    {
        millisecond = 0;
        bool pointed = Skip(ref text, (byte)'.') || Skip(ref text, (byte)',');
        int digits = 0;
        for (; !text.IsEmpty && char.IsAsciiDigit((char)text[0]); text = text[1..], digits++)
            if (digits < 3) millisecond = millisecond * 10 + (text[0] - '0');
        for (int missing = digits; missing is > 0 and < 3; missing++) millisecond *= 10;
        return pointed ? digits is > 0 and <= 9 : digits is 0 or 3;
    }

    private bool Offset(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty) return true;
        if (Skip(ref text, (byte)'Z'))
        {
            _offset = TimeSpan.Zero;
            return true;
        }
        int sign = text[0] == '-' ? -1 : text[0] == '+' ? 1 : 0;
        if (sign == 0) return false;
        text = text[1..];
        if (!Digits(ref text, 2, 2, out int hours)) return false;
        Skip(ref text, (byte)':');
        int minutes = 0;
        if (!text.IsEmpty && !Digits(ref text, 2, 2, out minutes) || hours > 14 || minutes > 59) return false;
        _offset = sign * new TimeSpan(hours, minutes, 0);
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<byte> text, byte what)
    {
        if (text.IsEmpty || text[0] != what) return false;
        text = text[1..];
        return true;
    }

    private static bool Digits(ref ReadOnlySpan<byte> text, int min, int max, out int value)
    {
        value = 0;
        int count = 0;
        for (; count < max && count < text.Length && char.IsAsciiDigit((char)text[count]); count++) value = value * 10 + (text[count] - '0');
        text = text[count..];
        return count >= min;
    }
}
