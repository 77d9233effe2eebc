using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Evidence;
using Gateway.Domain.Reports;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Evidence;

/// <summary>The table of working time beside its rows in the chain, both in order of their number.</summary>
internal sealed class DerivedWork : IDisposable
{
    private readonly SqliteStatement _rows;
    private readonly Action<long, string> _differs;
    private readonly Action<long, string, string, string> _missing;
    private bool _any;

    /// <param name="differs">Row and device: the table says something else than the row.</param>
    /// <param name="missing">Row, the table or journal it is not in, and what is missing, zh and en.</param>
    public DerivedWork(SqliteDatabase db, Action<long, string> differs, Action<long, string, string, string> missing)
    {
        (_differs, _missing) = (differs, missing);
        // A copy of an older version has neither the table nor rows of that kind.
        string from = db.ReadLong("PRAGMA user_version") >= StateSchema.WorkSince ? "work_interval" : "(SELECT 0 AS seq, '' AS device, 0 AS from_ms, 0 AS to_ms, NULL AS operator, NULL AS evidence LIMIT 0)";
        _rows = db.Prepare($"SELECT seq, device, from_ms, to_ms, operator, evidence FROM {from} ORDER BY seq");
        _any = _rows.Step();
    }

    public void Take(in ChainRow row)
    {
        while (_any && _rows.Long(0) < row.Seq) Orphan();
        if (!_any || _rows.Long(0) != row.Seq)
        {
            _missing(row.Seq, "work_interval", $"第 {row.Seq} 行的作业时段", $"the working time of row {row.Seq}");
            return;
        }
        var kept = new WorkingInterval(_rows.Text(1), _rows.Long(2), _rows.Long(3), _rows.TextOrNull(4), row.Seq, _rows.TextOrNull(5));
        if (Read(row.Body, row.Seq) != kept) _differs(row.Seq, kept.Device);
        _any = _rows.Step();
    }

    public void End()
    {
        while (_any) Orphan();
    }

    public void Dispose() => _rows.Dispose();

    /// <summary>Working time in the table that no row of the chain stands for.</summary>
    private void Orphan()
    {
        _missing(_rows.Long(0), "journal", $"设备 {_rows.Text(1)} 的作业时段所指的第 {_rows.Long(0)} 行", $"row {_rows.Long(0)}, which working time of {_rows.Text(1)} names,");
        _any = _rows.Step();
    }

    private static WorkingInterval? Read(ReadOnlySpan<byte> body, long seq)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return WorkJson.Read(document.RootElement, seq);
        }
        // An altered body may be anything; the walk has named it, here it just equals nothing.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
