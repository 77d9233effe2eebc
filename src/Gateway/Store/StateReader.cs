using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>Reads <c>state.db</c> for the console and the uplink beside the writer. Safe for several threads; one read at a time.</summary>
/// <remarks>When the file was replaced after damage it goes on with the new one.</remarks>
public sealed partial class StateReader(string path) : IDisposable
{
    private SqliteDatabase _db = SqliteDatabase.OpenReader(path);
    private int _incarnation = StoreFiles.Incarnation(path);
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Alarm bodies (UTF-8 JSON), newest step first, and the cursor of the next page (0 = no more).</summary>
    public (List<byte[]> Bodies, long Next) Alarms(bool? open, long beforeSeq, int limit)
    {
        lock (_gate)
        {
            var rows = Statement("SELECT body, seq FROM alarm WHERE seq < ?1 AND (?2 = -1 OR open = ?2) ORDER BY seq DESC LIMIT ?3")
                .Bind(1, beforeSeq).Bind(2, open is null ? -1 : open.Value ? 1 : 0).Bind(3, limit + 1);
            return Page(rows, limit);
        }
    }

    /// <summary>Journal rows of one kind, newest first.</summary>
    public (List<byte[]> Bodies, long Next) Journal(string kind, long beforeSeq, int limit)
    {
        lock (_gate)
        {
            var rows = Statement("SELECT json_insert(CAST(body AS TEXT), '$.seq', seq, '$.atMs', at_ms), seq FROM journal WHERE kind = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .Bind(1, kind).Bind(2, beforeSeq).Bind(3, limit + 1);
            return Page(rows, limit, text: true);
        }
    }

    public string? Meta(string key)
    {
        lock (_gate)
        {
            var row = Statement("SELECT value FROM meta WHERE key = ?").Bind(1, key);
            string? value = row.Step() ? row.Text(0) : null;
            row.Reset();
            return value;
        }
    }

    public byte[]? Alarm(string id)
    {
        lock (_gate)
        {
            var row = Statement("SELECT body FROM alarm WHERE id = ?").Bind(1, id);
            byte[]? body = row.Step() ? row.Blob(0).ToArray() : null;
            row.Reset();
            return body;
        }
    }

    /// <summary>The transitions the event stream sends, after <paramref name="seq"/>, oldest first.</summary>
    public List<(long Seq, string Kind, byte[] Body)> Transitions(long seq, int limit)
    {
        lock (_gate)
        {
            var list = new List<(long, string, byte[])>();
            var rows = Statement("SELECT seq, kind, body FROM journal WHERE seq > ? AND kind IN ('alarm', 'presence') ORDER BY seq LIMIT ?").Bind(1, seq).Bind(2, limit);
            while (rows.Step()) list.Add((rows.Long(0), rows.Text(1), rows.Blob(2).ToArray()));
            rows.Reset();
            return list;
        }
    }

    /// <summary>Lane-one rows from <paramref name="next"/> on, up to about <paramref name="linesMax"/> lines: the lines and the cursor after them.</summary>
    public (byte[] Lines, int Count, long Next) LaneOne(long next, int linesMax)
    {
        lock (_gate)
        {
            using var lines = new MemoryStream();
            int count = 0;
            try
            {
                var rows = Statement("SELECT seq, lines, body FROM lane_one WHERE seq >= ? ORDER BY seq").Bind(1, next);
                while (count < linesMax && rows.Step())
                {
                    lines.Write(rows.Blob(2));
                    (count, next) = (count + (int)rows.Long(1), rows.Long(0) + 1);
                }
                rows.Reset();
            }
            catch (StoreException damage) when (damage.IsDamage)
            {
                // The writer has been told (StoreFiles); what was read before the damaged place is whole, the rest comes once the file is recovered.
            }
            return (lines.ToArray(), count, next);
        }
    }

    public void Dispose() => _db.Dispose();

    private static (List<byte[]>, long) Page(SqliteStatement rows, int limit, bool text = false)
    {
        var bodies = new List<byte[]>();
        long last = 0, next = 0;
        while (rows.Step())
        {
            if (bodies.Count == limit)
            {
                next = last;
                break;
            }
            bodies.Add(text ? rows.Utf8(0) : rows.Blob(0).ToArray());
            last = rows.Long(1);
        }
        rows.Reset();
        return (bodies, next);
    }

    private SqliteStatement Statement(string sql)
    {
        if (StoreFiles.Incarnation(path) is var current && current != _incarnation)
        {
            _db.Dispose();
            _prepared.Clear();
            _db = SqliteDatabase.OpenReader(path);
            _incarnation = current;
        }
        if (!_prepared.TryGetValue(sql, out var statement)) _prepared[sql] = statement = _db.Prepare(sql);
        statement.Reset();
        return statement;
    }
}
