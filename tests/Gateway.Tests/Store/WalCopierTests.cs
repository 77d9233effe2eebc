using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class WalCopierTests : IDisposable
{
    private const int Pages = 1_100;

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_WAL_is_copied_beside_the_writer_and_begun_anew_by_it()
    {
        using var db = SqliteDatabase.OpenWriter(_folder.File("a.db"));
        db.Execute("CREATE TABLE t(i INTEGER PRIMARY KEY, b BLOB)");
        using var copier = new WalCopier(db);
        long rows = 0, walBytes = 0;
        for (int round = 0; round < 4; round++)
        {
            Fill(db, Pages);
            copier.Written(Pages);
            Assert.True(SpinWait.SpinUntil(() => copier.Copied, TimeSpan.FromSeconds(30)), "not copied within 30 s");
            // What comes while the other copies.
            Fill(db, 10);
            copier.Written(10);
            copier.End();
            Assert.False(copier.Copied);
            rows += Pages + 10;
            if (round == 0) walBytes = db.WalBytes();
        }
        // Four times as much was written; what it grew by are the inner pages of a larger tree.
        Assert.InRange(db.WalBytes(), walBytes, walBytes + 10 * 4_120);
        Assert.Equal(rows, db.ReadLong("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Little_is_left_alone()
    {
        using var db = SqliteDatabase.OpenWriter(_folder.File("a.db"));
        using var copier = new WalCopier(db);
        copier.Written(10);
        copier.End();
        Assert.False(copier.Copied);
    }

    private static void Fill(SqliteDatabase db, int pages)
    {
        using var insert = db.Prepare("INSERT INTO t(b) VALUES(zeroblob(3900))");
        db.InTransaction(() =>
        {
            for (int i = 0; i < pages; i++) insert.Run();
        });
    }
}
