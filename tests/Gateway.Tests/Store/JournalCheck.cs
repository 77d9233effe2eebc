using Gateway.Domain.Evidence;
using Gateway.Store.Sqlite;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>Walks the evidence chain of a file as an auditor would: with nothing but the rows.</summary>
internal static class JournalCheck
{
    public static IReadOnlyList<(long Seq, string Kind, byte[] Body)> Verify(string path)
    {
        var rows = new List<(long, string, byte[])>();
        byte[] hash = new byte[EvidenceChain.HashBytes];
        using var db = SqliteDatabase.OpenReader(path);
        using var read = db.Prepare("SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq");
        while (read.Step())
        {
            Assert.Equal(rows.Count + 1, read.Long(0));
            byte[] body = read.Blob(3).ToArray();
            hash = EvidenceChain.Next(hash, read.Long(0), read.Long(1), read.Text(2), body);
            Assert.Equal(hash, read.Blob(4).ToArray());
            rows.Add((read.Long(0), read.Text(2), body));
        }
        return rows;
    }

    public static long Count(string path, string sql)
    {
        using var db = SqliteDatabase.OpenReader(path);
        return db.ReadLong(sql);
    }
}
