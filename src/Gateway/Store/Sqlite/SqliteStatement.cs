using System.Text;
using SQLitePCL;

namespace Gateway.Store.Sqlite;

/// <summary>A prepared statement; parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private bool Writes => raw.sqlite3_stmt_readonly(handle) == 0;

    public SqliteStatement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, index, value), "bind");
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } v ? Bind(index, v) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        database.Check(raw.sqlite3_bind_text(handle, index, value), "bind");
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(handle, index, value), "bind");
        return this;
    }

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        database.Witness?.Before(database.Path, Writes);
        int code = raw.sqlite3_step(handle);
        database.Witness?.After(database.Path, Writes);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE)
        {
            // Reset gives the true error of a failed step and frees its locks.
            raw.sqlite3_reset(handle);
            database.Check(code, "step");
        }
        return false;
    }

    /// <summary>Runs to the end and makes the statement ready for the next use.</summary>
    public void Run()
    {
        while (Step())
        {
        }
        Reset();
    }

    public void Reset()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public bool IsInteger(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_INTEGER;

    public bool IsText(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_TEXT;

    public bool IsBlob(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_BLOB;

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Utf8(int column) => Encoding.UTF8.GetBytes(Text(column));

    /// <summary>Binds a column of this row, whatever its type, to a parameter of another statement.</summary>
    public void CopyTo(SqliteStatement target, int column, int index)
    {
        switch (raw.sqlite3_column_type(handle, column))
        {
            case raw.SQLITE_INTEGER: target.Bind(index, Long(column)); break;
            case raw.SQLITE_TEXT: target.Bind(index, Text(column)); break;
            case raw.SQLITE_BLOB: target.Bind(index, Blob(column)); break;
            default: target.BindNull(index); break;
        }
    }

    public void Dispose()
    {
        database.Forget(this);
        raw.sqlite3_finalize(handle);
    }

    private SqliteStatement BindNull(int index)
    {
        database.Check(raw.sqlite3_bind_null(handle, index), "bind");
        return this;
    }
}
