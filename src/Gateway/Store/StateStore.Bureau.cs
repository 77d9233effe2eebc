using Gateway.Bureau.Reports;

namespace Gateway.Store;

/// <summary>What bureaus were told.</summary>
public sealed partial class StateStore
{
    /// <summary>A bureau may ask for what is not older, ms; a month, as loggers keep it.</summary>
    private const long ReportsKeptMs = 31L * 24 * 3_600_000;

    /// <summary>Writes down a report that was acknowledged; one of the same interval gives way.</summary>
    public void KeepReport(string bureau, ReportRow row)
    {
        Statement("""
            INSERT INTO bureau_report(bureau, mn, cn, at_ms, to_line, means, cp) VALUES(?,?,?,?,?,?,?)
            ON CONFLICT(bureau, mn, cn, at_ms) DO UPDATE SET to_line = excluded.to_line, means = excluded.means, cp = excluded.cp
            """).Bind(1, bureau).Bind(2, row.Mn).Bind(3, row.Cn).Bind(4, row.AtMs).Bind(5, row.ToLine).Bind(6, row.Means).Bind(7, row.Cp).Run();
        Statement("DELETE FROM bureau_report WHERE bureau = ? AND mn = ? AND cn = ? AND at_ms < ?").Bind(1, bureau).Bind(2, row.Mn).Bind(3, row.Cn).Bind(4, row.AtMs - ReportsKeptMs).Run();
    }
}

public sealed partial class StateReader
{
    /// <summary>What a bureau acknowledged of intervals that begin in the span, oldest first.</summary>
    public IReadOnlyList<ReportRow> BureauReports(string bureau, string mn, int cn, long fromMs, long toMs)
    {
        lock (_gate)
            return Statement("SELECT at_ms, to_line, means, cp FROM bureau_report WHERE bureau = ? AND mn = ? AND cn = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms")
                .Bind(1, bureau).Bind(2, mn).Bind(3, cn).Bind(4, fromMs).Bind(5, toMs).All(row => new ReportRow(mn, cn, row.Long(0), row.Long(1), row.Text(2), row.Text(3)));
    }
}
