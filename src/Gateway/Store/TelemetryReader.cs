using System.Buffers;
using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>Reads segments beside the writer; one owner thread each. When the file was replaced after damage it goes on with the new one.</summary>
public sealed class TelemetryReader : IDisposable
{
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly string _path;
    private SqliteDatabase _db;
    private SqliteStatement? _from;
    private int _incarnation;

    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public TelemetryReader(string path)
    {
        (_path, _incarnation) = (path, StoreFiles.Incarnation(path));
        _db = SqliteDatabase.OpenReader(path);
    }

    /// <summary>Calls back for each segment that ends after <paramref name="line"/>, oldest first, while it answers true. The body is lines, whatever their form on disk, and valid during the call.</summary>
    /// <remarks>At a damaged place it stops as at the end: the writer is told, recovers the file, and the next call goes on.</remarks>
    public void ReadFrom(long line, SegmentVisitor visit) => ReadStoredFrom(line, (head, body) =>
    {
        if (head.Form == SegmentForm.Raw) return visit(head, body);
        _lines.ResetWrittenCount();
        if (SegmentForms.TryExpand(body, _lines) && SegmentForms.Holds(_lines.WrittenSpan, head.Lines)) return visit(head, _lines.WrittenSpan);
        StoreFiles.Suspect(_path, $"{_path}: segment {head.FirstLine} is no gzip member of {head.Lines} lines");
        return false;
    });

    /// <summary>The same with the body as it lies on disk: a compressed member can be passed on as it is. What its sum does not fit is never handed over.</summary>
    public void ReadStoredFrom(long line, SegmentVisitor visit)
    {
        try
        {
            Reopen();
            _from ??= _db.Prepare("""
                SELECT first_line, lines, received_ms, body, form, sum FROM segment
                WHERE first_line >= coalesce((SELECT max(first_line) FROM segment WHERE first_line <= ?1), 0) AND first_line + lines > ?1 ORDER BY first_line
                """);
            _from.Bind(1, line);
            while (_from.Step())
            {
                var body = _from.Blob(3);
                var head = new SegmentHead(_from.Long(0), (int)_from.Long(1), _from.Long(2), body.Length) { Form = (SegmentForm)_from.Long(4) };
                if (!SegmentSum.Fits(_from.Long(5), head.FirstLine, head.Lines, head.ReceivedMs, head.Form, body))
                {
                    StoreFiles.Suspect(_path, $"{_path}: segment {head.FirstLine} is not what was written: its sum does not fit");
                    break;
                }
                if (!visit(head, body)) break;
            }
        }
        catch (StoreException damage) when (damage.IsDamage)
        {
            // The writer has been told (StoreFiles); until it has recovered the file there is nothing to read.
        }
        finally
        {
            _from?.Reset();
        }
    }

    public void Dispose() => _db.Dispose();

    private void Reopen()
    {
        int current = StoreFiles.Incarnation(_path);
        if (current == _incarnation) return;
        _db.Dispose();
        (_from, _incarnation) = (null, current);
        _db = SqliteDatabase.OpenReader(_path);
    }
}

public delegate bool SegmentVisitor(SegmentHead head, ReadOnlySpan<byte> body);
