using System.Buffers.Text;
using System.Globalization;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Numbers as JSON for charts: a hundred thousand of them are most of what an answer costs.</summary>
internal static class ChartNumber
{
    /// <summary>What any of the formats here takes at most, bytes.</summary>
    public const int BytesMax = 32;

    private const double Scale = 1000, WholeMax = 1e15;

    /// <summary>The shortest text that reads back as the same number.</summary>
    /// <param name="to">Room for <see cref="BytesMax"/>.</param>
    public static int Format(double value, Span<byte> to)
    {
        // With up to three decimals, as sensors have them, it is a whole number with a point in it: a third of the time of the general way.
        double thousandths = Math.Round(value * Scale);
        if (Math.Abs(thousandths) >= WholeMax || (long)thousandths / Scale != value) return General(value, "R", to);
        long whole = Math.Abs((long)thousandths), rest = whole % 1000;
        int at = 0;
        if (thousandths < 0) to[at++] = (byte)'-';
        Utf8Formatter.TryFormat(whole / 1000, to[at..], out int length);
        at += length;
        if (rest == 0) return at;
        to[at++] = (byte)'.';
        for (long unit = 100; rest > 0; rest %= unit, unit /= 10) to[at++] = (byte)('0' + rest / unit);
        return at;
    }

    /// <summary>Nine digits: a mean is no measurement, and more of it says nothing.</summary>
    public static int FormatMean(double value, Span<byte> to) => General(value, "G9", to);

    private static int General(double value, string format, Span<byte> to)
    {
        value.TryFormat(to, out int length, format, CultureInfo.InvariantCulture);
        return length;
    }
}
