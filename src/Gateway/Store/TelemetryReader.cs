using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>Reads segments beside the writer; one owner thread each.</summary>
public sealed class TelemetryReader(string path) : IDisposable
{
    private readonly SqliteDatabase _db = SqliteDatabase.OpenReader(path);
    private SqliteStatement? _from;

    /// <summary>Calls back for each segment that ends after <paramref name="line"/>, oldest first, while it answers true. The body is valid during the call.</summary>
    public void ReadFrom(long line, SegmentVisitor visit)
    {
        _from ??= _db.Prepare("""
            SELECT first_line, lines, received_ms, body FROM segment
            WHERE first_line >= coalesce((SELECT max(first_line) FROM segment WHERE first_line <= ?1), 0) AND first_line + lines > ?1 ORDER BY first_line
            """);
        _from.Bind(1, line);
        try
        {
            while (_from.Step())
            {
                var body = _from.Blob(3);
                if (!visit(new SegmentHead(_from.Long(0), (int)_from.Long(1), _from.Long(2), body.Length), body)) break;
            }
        }
        finally
        {
            _from.Reset();
        }
    }

    public void Dispose() => _db.Dispose();
}

public delegate bool SegmentVisitor(SegmentHead head, ReadOnlySpan<byte> body);
