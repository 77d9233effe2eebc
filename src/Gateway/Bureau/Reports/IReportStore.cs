using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Bureau.Reports;

/// <summary>What one bureau was told: late lines are added to it, hours and days are made of it, and it is what the bureau may ask for again.</summary>
internal interface IReportStore
{
    ReportRow? Find(string mn, int cn, long atMs);

    /// <summary>Reports whose interval begins in the span, oldest first.</summary>
    IReadOnlyList<ReportRow> Range(string mn, int cn, long fromMs, long toMs);

    /// <summary>What the bureau has set, or null.</summary>
    string? Setting(string name);

    /// <summary>Completes when it is on disk.</summary>
    Task SaveAsync(ReportRow row);

    /// <summary>Completes when it is on disk.</summary>
    Task SetAsync(string name, string value);
}

/// <summary>In <c>state.db</c>.</summary>
internal sealed class ReportStore(string bureau, EngineStage engine, StateReader reader) : IReportStore
{
    public ReportRow? Find(string mn, int cn, long atMs) => reader.BureauReports(bureau, mn, cn, atMs, atMs + 1) is [var row, ..] ? row : null;

    public IReadOnlyList<ReportRow> Range(string mn, int cn, long fromMs, long toMs) => reader.BureauReports(bureau, mn, cn, fromMs, toMs);

    public string? Setting(string name) => reader.Meta(Key(name));

    public Task SaveAsync(ReportRow row) => engine.WriteAsync((state, _) => state.KeepReport(bureau, row));

    public Task SetAsync(string name, string value) => engine.WriteAsync((state, _) => state.SetMeta(Key(name), value));

    private string Key(string name) => $"bureau.{bureau}.{name}";
}
