namespace Gateway.Store.Sqlite;

/// <summary>
/// Copies a WAL into its database beside the writer, over a connection and on a thread of its own: SQLite does it within a commit otherwise, and every thousandth page a device
/// would wait for two syncs more. What the writer adds meanwhile is little; it copies that itself, and its next commit begins the WAL anew.
/// </summary>
/// <remarks><b>Threading</b>: all but the copying belongs to the writer's thread.</remarks>
internal sealed class WalCopier : IDisposable
{
    /// <summary>4 MiB, as SQLite does.</summary>
    private const long PagesMax = 1_000;

    private readonly SqliteDatabase _writer;
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private long _pages;
    private bool _asked;
    private volatile bool _copied;
    private volatile bool _ended;

    public WalCopier(SqliteDatabase writer)
    {
        _writer = writer;
        writer.Execute("PRAGMA wal_autocheckpoint=0");
    }

    /// <summary>The other thread has done its part.</summary>
    public bool Copied => _copied;

    /// <summary>Some pages were committed.</summary>
    public void Written(long pages)
    {
        _pages += pages;
        if (_asked || _pages < PagesMax) return;
        _asked = true;
        if (_thread is null)
        {
            _thread = new Thread(Run) { Name = "wal", IsBackground = true };
            _thread.Start();
        }
        _wake.Set();
    }

    /// <summary>Call between commits, when nobody waits: ends what the other thread began.</summary>
    /// <exception cref="StoreException">The disk refuses; nothing is lost, the WAL holds it.</exception>
    public void End()
    {
        if (!_copied) return;
        (_copied, _asked) = (false, false);
        _pages = _writer.Checkpoint();
    }

    public void Dispose()
    {
        _ended = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_ended) return;
            try
            {
                // Opened each time: the file may have been replaced since.
                using var db = SqliteDatabase.OpenBeside(_writer.Path);
                db.Checkpoint();
            }
            catch (StoreException)
            {
                // The writer's own attempt meets the same, and says so.
            }
            _copied = true;
        }
    }
}
