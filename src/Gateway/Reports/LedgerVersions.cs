using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Reports;

/// <summary>Ledgers as the store keeps them: which one held at a row of the chain, and its text.</summary>
public static class LedgerVersions
{
    /// <summary>The ledger that held at a row: of the newest start or change up to it.</summary>
    /// <param name="headSeq">Null: the newest row.</param>
    /// <returns>Its hash, and its text where it is kept; null where no row names one.</returns>
    /// <exception cref="StoreException">The file cannot be read, or a kept ledger is not what its hash says.</exception>
    public static (string Sha256, byte[]? Utf8)? At(string statePath, long? headSeq)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        using var row = db.Prepare("""
            SELECT json_extract(CAST(body AS TEXT), CASE kind WHEN 'boot' THEN '$.ledgerSha256' ELSE '$.after' END)
            FROM journal WHERE kind IN ('boot', 'ledger') AND seq <= ? ORDER BY seq DESC LIMIT 1
            """).Bind(1, headSeq ?? long.MaxValue);
        if (!row.Step() || row.TextOrNull(0) is not { } sha256) return null;
        return (sha256, Read(db, sha256));
    }

    /// <summary>The text of a ledger, null where it is not kept.</summary>
    /// <exception cref="StoreException">The file cannot be read, or the ledger is not what its hash says.</exception>
    public static byte[]? Find(string statePath, string sha256)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        return Read(db, sha256);
    }

    private static byte[]? Read(SqliteDatabase db, string sha256)
    {
        if (db.ReadLong("PRAGMA user_version") < StateSchema.WorkSince) return null;
        using var row = db.Prepare("SELECT body FROM ledger_version WHERE sha256 = ?").Bind(1, sha256);
        if (!row.Step()) return null;
        using var text = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(row.Blob(0).ToArray()), CompressionMode.Decompress)) gzip.CopyTo(text);
        byte[] utf8 = text.ToArray();
        if (Convert.ToHexStringLower(SHA256.HashData(utf8)) != sha256) throw new StoreException(0, $"{db.Path}: the kept ledger {sha256} has another content than its hash");
        return utf8;
    }
}
