using Gateway.Engine;
using Gateway.Store;
using Gateway.Store.Damage;
using Gateway.Store.Sqlite;

namespace Gateway.Tests.Engine;

/// <summary>A file that refuses rows of one table until it is disposed.</summary>
internal sealed class RefusingFile : IDisposable
{
    private readonly SqliteDatabase _db;

    public RefusingFile(string path, string table, string refusal = "SELECT RAISE(ABORT, 'disk full')")
    {
        _db = SqliteDatabase.OpenWriter(path);
        _db.Execute($"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN {refusal}; END");
    }

    public void Dispose()
    {
        _db.Execute("DROP TRIGGER refuse");
        _db.Dispose();
    }
}

/// <summary>A store beside the engine's own that refuses as long as it is told to.</summary>
internal sealed class StubbornRoundStore : IRoundStore
{
    private volatile bool _refuses, _hasWork;

    public string Name => "beside.db";

    public FileDamage? Damage => null;

    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    public bool HasWork
    {
        get => _hasWork;
        set => _hasWork = value;
    }

    public int Commits { get; private set; }

    public int Published { get; private set; }

    public void Commit()
    {
        if (Refuses) throw new StoreException(13, "database or disk is full");
        Commits++;
        HasWork = false;
    }

    public void GiveBack()
    {
    }

    public FileDamage Repair(string found, DateTimeOffset now, Action alive) => throw new NotSupportedException("nothing here is damaged");

    public void Publish() => Published++;
}
