using Gateway.Bureau.Reports;

namespace Gateway.Tests.Bureau;

/// <summary>What was acknowledged, in memory.</summary>
internal sealed class FakeReports : IReportStore
{
    public SortedDictionary<(string Mn, int Cn, long AtMs), ReportRow> Rows { get; } = [];

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public ReportRow? Find(string mn, int cn, long atMs) => Rows.GetValueOrDefault((mn, cn, atMs));

    public IReadOnlyList<ReportRow> Range(string mn, int cn, long fromMs, long toMs) => [.. Rows.Values.Where(r => r.Mn == mn && r.Cn == cn && r.AtMs >= fromMs && r.AtMs < toMs)];

    public string? Setting(string name) => Settings.GetValueOrDefault(name);

    public Task SaveAsync(ReportRow row)
    {
        Rows[(row.Mn, row.Cn, row.AtMs)] = row;
        return Task.CompletedTask;
    }

    public Task SetAsync(string name, string value)
    {
        Settings[name] = value;
        return Task.CompletedTask;
    }
}
