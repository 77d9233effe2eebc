namespace Gateway.Store;

/// <summary>The store could not do what it was asked: disk full, read-only, damaged, I/O error. The caller keeps what it holds and tries again.</summary>
public sealed class StoreException(int code, string message) : Exception(message)
{
    /// <summary>Primary SQLite result code.</summary>
    public int Code { get; } = code;
}
