using System.Buffers.Text;

namespace Gateway.Protocols.LineProtocol;

/// <summary>Reads the decimal numbers that devices write. <b>shape</b>: ASCII after the grammar of JSON; <b>errors</b>: false; <b>threading</b>: stateless.</summary>
public static class DecimalText
{
    // 2^53: up to it every integer is a double of its own.
    private const ulong ExactMax = 1UL << 53;

    private static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>The nearest double, ties to even, as IEEE 754 asks.</summary>
    /// <remarks>Sensors write few digits: their integer and the power of ten are exact doubles, so one division rounds once and gives the nearest double (Clinger 1990). Everything else takes the long way.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        int at = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (negative) at++;
        ulong digits = 0;
        int from = at, point = -1;
        for (; at < text.Length; at++)
        {
            uint digit = (uint)(text[at] - '0');
            if (digit <= 9) digits = digits * 10 + digit;
            else if (text[at] == '.' && point < 0) point = at;
            else break;
        }
        int count = at - from - (point < 0 ? 0 : 1), decimals = point < 0 ? 0 : at - point - 1;
        // 19 digits cannot overflow 64 bits.
        if (at < text.Length || count is 0 or > 19 || digits > ExactMax || decimals >= PowersOfTen.Length || (point >= 0 && decimals == 0) || point == from)
            return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && used > 0;
        double magnitude = digits / PowersOfTen[decimals];
        value = negative ? -magnitude : magnitude;
        return true;
    }
}
