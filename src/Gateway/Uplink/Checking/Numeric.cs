using System.Buffers.Text;

namespace Gateway.Uplink.Checking;

/// <summary>Whether a value of line protocol is one every store reads as the same finite number: <c>-1.5e3</c>, <c>4i</c>, <c>5u</c>, <c>t</c>, <c>false</c> …</summary>
internal static class Numeric
{
    public static bool IsFinite(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return false;
        int at = value[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int whole = Digits(value, ref at);
        if (at == value.Length) return whole > 0;
        if (whole > 0 && at == value.Length - 1 && value[at] == 'i') return value.Length < 19 || (Utf8Parser.TryParse(value, out long _, out int used) && used == at);
        if (whole > 0 && at == value.Length - 1 && value[at] == 'u') return value[0] != '-' && (value.Length < 19 || (Utf8Parser.TryParse(value, out ulong _, out int used) && used == at));
        int fraction = 0;
        if (value[at] == '.')
        {
            at++;
            fraction = Digits(value, ref at);
        }
        if (whole + fraction == 0) return IsTruth(value);
        if (at == value.Length) return true;
        // With an exponent it may be beyond what a double holds.
        return value[at] is (byte)'e' or (byte)'E' && Utf8Parser.TryParse(value, out double number, out int all) && all == value.Length && double.IsFinite(number);
    }

    private static int Digits(ReadOnlySpan<byte> value, ref int at)
    {
        int from = at;
        while (at < value.Length && (uint)(value[at] - '0') <= 9) at++;
        return at - from;
    }

    private static bool IsTruth(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("t"u8) || value.SequenceEqual("f"u8) || value.SequenceEqual("T"u8) || value.SequenceEqual("F"u8) ||
        value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("True"u8) || value.SequenceEqual("False"u8) ||
        value.SequenceEqual("TRUE"u8) || value.SequenceEqual("FALSE"u8);
}
