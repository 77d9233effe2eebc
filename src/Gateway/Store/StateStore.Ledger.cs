using System.IO.Compression;

namespace Gateway.Store;

/// <summary>Every ledger that ever held: an old report needs the one of then.</summary>
public sealed partial class StateStore
{
    /// <summary>Keeps a ledger under its hash; once it is there it stays as it is.</summary>
    /// <param name="sha256">Of <paramref name="utf8"/>, hex.</param>
    public void KeepLedger(string sha256, ReadOnlySpan<byte> utf8, long nowMs)
    {
        if (Statement("SELECT count(*) FROM ledger_version WHERE sha256 = ?").Bind(1, sha256).Number() > 0) return;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(utf8);
        Statement("INSERT INTO ledger_version(sha256, at_ms, body) VALUES(?,?,?)").Bind(1, sha256).Bind(2, nowMs).Bind(3, packed.GetBuffer().AsSpan(0, (int)packed.Length)).Run();
    }
}
