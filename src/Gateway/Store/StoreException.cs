namespace Gateway.Store;

/// <summary>The store could not do what it was asked: disk full, read-only, damaged, I/O error. The caller keeps what it holds and tries again.</summary>
public sealed class StoreException(int code, string message) : Exception(message)
{
    private const int Busy = 5, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>Primary SQLite result code; 0 when the refusal is our own.</summary>
    public int Code { get; } = code;

    /// <summary>The file itself is wrong: trying again cannot help, recovering it can.</summary>
    public bool IsDamage => Code is Corrupt or NotADatabase;

    /// <summary>Room on the disk may help. An I/O error may be one: the shared memory of a WAL that finds no room ends in it.</summary>
    public bool WantsSpace => Code is Full or IoError or CannotOpen;

    /// <summary>Another process holds the file for a moment.</summary>
    public bool IsBusy => Code == Busy;

    /// <summary>A file whose content says that it is no store of ours.</summary>
    internal static StoreException NotOurs(string path, string found) => new(NotADatabase, $"{path}: expected a store of the gateway, saw {found}");
}
