using Gateway.Domain.Compliance;
using Gateway.Domain.Evidence;
using Gateway.Domain.Reports;
using Gateway.Evidence;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Evidence;

public sealed class DerivedWorkTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public DerivedWorkTests()
    {
        using var store = StateStore.Open(Path);
        store.Commit(() =>
        {
            store.Journal("boot", 1_000, """{"gateway":"gw-1"}"""u8);
            foreach (var work in (WorkingInterval[])[new("c1", 1_000, 2_000, "op-1"), new("c2", 1_500, 2_500, null, 0, "p2")]) store.KeepWorkInterval(work with { Seq = store.Journal(WorkJson.RowKind, 3_000, WorkJson.Write(work)) });
        });
    }

    private string Path => _folder.File("state.db");

    [Fact]
    public void Working_time_as_the_chain_says_it_is_whole() => Assert.Equal(ChainVerdict.Whole, Verify().Verdict);

    [Theory]
    [InlineData("UPDATE work_interval SET device = 'c3' WHERE seq = 2")]
    [InlineData("UPDATE work_interval SET from_ms = 999 WHERE seq = 2")]
    [InlineData("UPDATE work_interval SET to_ms = 2001 WHERE seq = 2")]
    [InlineData("UPDATE work_interval SET operator = 'op-2' WHERE seq = 2")]
    [InlineData("UPDATE work_interval SET operator = 'op-1' WHERE seq = 3")]
    [InlineData("UPDATE work_interval SET evidence = NULL WHERE seq = 3")]
    [InlineData("UPDATE work_interval SET seq = 9 WHERE seq = 3")]
    [InlineData("DELETE FROM work_interval WHERE seq = 2")]
    [InlineData("INSERT INTO work_interval VALUES(1, 'c1', 2000, 3000, 'op-1', NULL)")]
    [InlineData("INSERT INTO work_interval VALUES(9, 'c1', 2000, 3000, 'op-1', NULL)")]
    public void Working_time_that_differs_from_the_chain_is_named(string sql)
    {
        using (var db = SqliteDatabase.OpenWriter(Path)) db.Execute(sql);

        Assert.Contains(Verify().Findings, f => f.Fault == ChainFault.Derived && f.Text.En.Contains("work", StringComparison.Ordinal));
    }

    [Fact]
    public void A_copy_from_before_there_was_working_time_is_verified_all_the_same()
    {
        using (var db = SqliteDatabase.OpenWriter(Path)) db.Execute("DROP TABLE work_interval; DELETE FROM journal WHERE kind = 'work'; PRAGMA user_version=4");

        Assert.Equal(ChainVerdict.Whole, Verify().Verdict);
    }

    public void Dispose() => _folder.Dispose();

    private ChainReport Verify() => StateVerifier.Verify(Path, "gw-1", []);
}
