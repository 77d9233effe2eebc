using Gateway.Store.Sqlite;

namespace Gateway.Store.Damage;

/// <summary>Looks through whole files after an end that was none, on a thread and connections of its own: the start does not wait for it. What it finds goes to <see cref="StoreFiles"/>.</summary>
internal sealed class FileCheck(IReadOnlyList<string> paths) : IDisposable
{
    private readonly Lock _gate = new();
    private Thread? _thread;
    private SqliteDatabase? _current;
    private bool _ended;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "file-check", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Waits until every file was looked through.</summary>
    public void Wait() => _thread?.Join();

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _current?.Interrupt();
        }
        _thread?.Join();
    }

    private void Run()
    {
        foreach (string path in paths.Where(File.Exists))
        {
            try
            {
                Look(path);
            }
            catch (StoreException met)
            {
                // Damage is noted where it was met; a file that is busy, or a look that was ended, says nothing about it.
                if (met.IsDamage) StoreFiles.Suspect(path, met.Message);
            }
        }
    }

    private void Look(string path)
    {
        using var db = SqliteDatabase.OpenReader(path);
        lock (_gate)
        {
            if (_ended) return;
            _current = db;
        }
        try
        {
            using var check = db.Prepare("PRAGMA quick_check(1)");
            if (check.Step() && check.Text(0) is not "ok" and var found) StoreFiles.Suspect(path, $"{path}: {found}");
        }
        finally
        {
            // Before it is closed: nobody may interrupt it then.
            lock (_gate) _current = null;
        }
    }
}
