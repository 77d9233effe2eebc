using System.Text;

namespace Gateway.Bureau.Reports;

/// <summary>One interval of one MN: the sums of its factors, and the lines they came from.</summary>
/// <param name="atMs">Start of the interval, Unix ms.</param>
/// <param name="lengthMs">Its length.</param>
internal sealed class ReportSpan(string mn, long atMs, long lengthMs)
{
    private readonly SortedDictionary<string, FactorSums> _sums = new(StringComparer.Ordinal);

    public string Mn => mn;

    public long AtMs => atMs;

    public long LengthMs => lengthMs;

    public long EndMs => atMs + lengthMs;

    /// <summary>Lines before this one are in it: a line that is read again after a restart is not counted twice.</summary>
    public long ToLine { get; set; }

    /// <summary>The first line in it that the bureau has not acknowledged; null when it has all.</summary>
    public long? OwedFrom { get; set; }

    /// <summary>After a failure it is not offered again before.</summary>
    public long NotBeforeMs { get; set; }

    public IReadOnlyDictionary<string, FactorSums> Sums => _sums;

    public FactorSums Of(Factor factor)
    {
        if (!_sums.TryGetValue(factor.Code, out var sums)) _sums[factor.Code] = sums = new FactorSums(factor.Mean);
        return sums;
    }

    /// <summary>As it is written down: <c>code=sums;…</c></summary>
    public string Means()
    {
        var text = new StringBuilder();
        foreach (var (code, sums) in _sums) text.Append(text.Length == 0 ? "" : ";").Append(code).Append('=').Append(sums);
        return text.ToString();
    }

    public static ReportSpan Of(ReportRow row, long lengthMs)
    {
        var span = new ReportSpan(row.Mn, row.AtMs, lengthMs) { ToLine = row.ToLine };
        foreach (string part in row.Means.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (part.Split('=') is [var code, var sums] && FactorTable.OfCode(code) is { } factor && FactorSums.Parse(factor.Mean, sums) is { } read) span._sums[code] = read;
        return span;
    }
}

/// <summary>A report as it was acknowledged.</summary>
/// <param name="Cn">2051, 2061 or 2031.</param>
/// <param name="AtMs">Start of its interval.</param>
/// <param name="ToLine">Lines before this one are in it.</param>
/// <param name="Means">What it was computed from.</param>
/// <param name="Cp">Its data area.</param>
public sealed record ReportRow(string Mn, int Cn, long AtMs, long ToLine, string Means, string Cp);
