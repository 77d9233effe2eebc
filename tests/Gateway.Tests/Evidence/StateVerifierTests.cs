using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Domain.Evidence;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Evidence;

public sealed partial class StateVerifierTests : IDisposable
{
    private readonly EvidenceStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_store_nobody_touched_is_whole_also_while_it_is_written()
    {
        using var writer = StateStore.Open(_store.Path);
        ChainReport? during = null;
        writer.Commit(() =>
        {
            writer.Audit(9_000, new AuditRow("li", "x", null, null));
            during = _store.Verify();
        });
        Assert.Equal((ChainVerdict.Whole, 21), (during!.Verdict, during.LastSeq));
        Assert.Equal((ChainVerdict.Whole, 22), (_store.Verify().Verdict, _store.Verify().LastSeq));
        Assert.Equal([5L, 10, 15, 20], during.Inside.Select(c => c.Seq));
        Assert.Equal([5L, 10, 15, 20], during.Inside.Select(c => c.Count));
    }

    /// <summary>Every byte of every column of every row: the number, the time, the kind, the body, the hash; and the types SQLite would convert without a word.</summary>
    [Fact]
    public void Any_byte_changed_in_the_journal_is_found()
    {
        int rows = (int)_store.Verify().Rows;
        for (int seq = 1; seq <= rows; seq++)
        {
            foreach (string column in (string[])["body", "hash", "kind"])
            {
                long bytes = Count($"SELECT length(CAST({column} AS BLOB)) FROM journal WHERE seq = {seq}");
                // Long bodies by samples of a prime step, so that every place in a row is tried in some row.
                for (long at = 1 + seq % 7; at <= bytes; at += bytes > 100 ? 37 : 5) Found(seq, $"{column} byte {at}", $"{column} = {Flipped(column, at)}");
            }
            Found(seq, "time", "at_ms = at_ms + 1");
            Found(seq, "time as a fraction", "at_ms = at_ms + 0.5");
            Found(seq, "time as text", "at_ms = at_ms || 'x'");
            Found(seq, "kind behind a zero byte", "kind = kind || char(0) || 'x'");
            Found(seq, "kind as blob", "kind = CAST(kind AS BLOB)");
            Found(seq, "body as text", "body = CAST(body AS TEXT)");
            Found(seq, "longer hash", "hash = CAST(hash || x'00' AS BLOB)");
            Found(seq, "empty hash", "hash = x''");
            Found(seq, "number", "seq = seq + 1000");
        }
    }

    [Theory]
    [InlineData("UPDATE alarm SET body = CAST(replace(CAST(body AS TEXT), '\"value\":14.5', '\"value\":10') AS BLOB) WHERE open = 0")]
    [InlineData("UPDATE alarm SET open = 1 - open WHERE number = 1")]
    [InlineData("UPDATE alarm SET number = 99 WHERE number = 1")]
    [InlineData("UPDATE alarm SET id = 'other' WHERE number = 1")]
    [InlineData("UPDATE alarm SET seq = seq - 5, open = 1, body = (SELECT body FROM journal WHERE journal.seq = alarm.seq - 5) WHERE number = 1")]
    [InlineData("UPDATE alarm SET seq = 999 WHERE number = 1")]
    [InlineData("DELETE FROM alarm WHERE number = 1")]
    [InlineData("UPDATE presence_interval SET state = 3 WHERE from_ms = 1000")]
    [InlineData("UPDATE presence_interval SET cause = 'x' WHERE from_ms = 1000")]
    [InlineData("UPDATE presence_interval SET device = 'c2' WHERE from_ms = 1000")]
    [InlineData("UPDATE presence_interval SET from_ms = 999 WHERE from_ms = 1000")]
    [InlineData("UPDATE presence_interval SET to_ms = to_ms + 1 WHERE from_ms = 1000")]
    [InlineData("UPDATE presence_interval SET seq = seq + 1 WHERE from_ms = 1000")]
    [InlineData("DELETE FROM presence_interval WHERE from_ms = 1000")]
    [InlineData("INSERT INTO presence_interval SELECT device, from_ms, to_ms, state, cause, seq FROM presence_interval WHERE from_ms = 1000")]
    [InlineData("INSERT INTO presence_interval VALUES('c1', 9000, 9001, 0, '', 1000)")]
    [InlineData("UPDATE presence SET state = 1")]
    [InlineData("UPDATE presence SET cause = ''")]
    [InlineData("DELETE FROM presence")]
    [InlineData("INSERT INTO presence VALUES('c9', 1, '', 0)")]
    public void A_table_that_says_something_else_than_the_chain_is_named(string sql)
    {
        _store.Tamper(sql);
        var report = _store.Verify();
        Assert.Equal(ChainVerdict.Broken, report.Verdict);
        Assert.All(report.Findings, f => Assert.Equal(ChainFault.Derived, f.Fault));
    }

    /// <summary>The forger who can compute: the file alone tells nothing, the copy outside everything.</summary>
    [Theory]
    [InlineData("UPDATE journal SET at_ms = at_ms + 1 WHERE kind = 'audit'")]
    [InlineData("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")]
    public void What_was_recomputed_is_found_with_what_was_kept_outside(string sql)
    {
        _store.Tamper("DELETE FROM journal WHERE seq > 4; DELETE FROM alarm; DELETE FROM presence_interval; DELETE FROM presence; DELETE FROM journal WHERE kind <> 'boot'; UPDATE journal SET seq = 1");
        _store.Tamper("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10) INSERT INTO journal SELECT i, 1000 * i, 'audit', CAST('{}' AS BLOB), x'' FROM n");
        _store.Recompute();
        Assert.Equal(ChainVerdict.Whole, _store.Verify().Verdict);
        var outside = _store.Head();

        _store.Tamper(sql);
        _store.Recompute();

        Assert.Equal(ChainVerdict.Whole, _store.Verify().Verdict);
        Assert.Contains(Assert.Single(_store.Verify(outside).Findings).Fault, (ChainFault[])[ChainFault.Rewritten, ChainFault.CutTail]);
    }

    [Fact]
    public void A_file_without_a_journal_cannot_be_read()
    {
        _store.Tamper("DROP TABLE journal");
        Assert.Contains("journal", Assert.Throws<StoreException>(() => _store.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_damaged_half_way_is_read_up_to_there_and_said()
    {
        using var large = new EvidenceStore(rounds: 400);
        large.Tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] hash = HashInTheMiddle(large.Path);
        byte[] bytes = File.ReadAllBytes(large.Path);
        int page = bytes.AsSpan().IndexOf(hash) / 4096;
        bytes.AsSpan(4096 * page, 4096).Clear();
        File.WriteAllBytes(large.Path, bytes);
        var report = large.Verify();
        Assert.Contains(report.Findings, f => f.Fault == ChainFault.Unreadable);
        Assert.True(report.Rows > 20, $"{report.Rows}");
    }

    /// <summary>The program in FORMAT.md, which shares nothing with ours, says the same of the same file.</summary>
    [Fact]
    public async Task The_program_of_the_document_agrees()
    {
        string script = Python().Match(Encoding.UTF8.GetString(Repository.Read("src/Gateway.Domain/Evidence/FORMAT.md"))).Groups[1].Value;
        Assert.InRange(script.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 10, 20);
        File.WriteAllText(_store.File("chain.py"), script);
        Assert.Equal($"{_store.Head().Seq} {_store.Head().Hash} 0 faults", (await RunAsync()).Trim());

        _store.Tamper("UPDATE journal SET body = x'7b7d' WHERE seq = 4; DELETE FROM journal WHERE seq IN (9, 10)");
        Assert.Equal(["row 4 does not fit", "rows 9 to 10 missing", $"{_store.Head().Seq} {_store.Head().Hash} 2 faults"], (await RunAsync()).Trim().Split('\n'));
    }

    private async Task<string> RunAsync()
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [_store.File("chain.py"), _store.Path]) { RedirectStandardOutput = true })!;
        string said = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return said;
    }

    private void Found(int seq, string what, string change)
    {
        _store.Tamper("CREATE TABLE kept AS SELECT * FROM journal WHERE seq = " + seq + $"; UPDATE journal SET {change} WHERE seq = {seq}");
        Assert.True(_store.Verify().Verdict == ChainVerdict.Broken, $"row {seq}: {what} was not found");
        _store.Tamper($"DELETE FROM journal WHERE seq IN ({seq}, {seq} + 1000); INSERT INTO journal SELECT * FROM kept; DROP TABLE kept");
    }

    /// <summary>The column with one byte changed, in its own type.</summary>
    private static string Flipped(string column, long at)
    {
        string bytes = $"CAST({column} AS BLOB)";
        string changed = $"CAST(substr({bytes}, 1, {at - 1}) || CASE substr({bytes}, {at}, 1) WHEN x'41' THEN x'42' ELSE x'41' END || substr({bytes}, {at + 1}) AS BLOB)";
        return column == "kind" ? $"CAST({changed} AS TEXT)" : changed;
    }

    private long Count(string sql) => Store.JournalCheck.Count(_store.Path, sql);

    private static byte[] HashInTheMiddle(string path)
    {
        using var db = SqliteDatabase.OpenReader(path);
        using var row = db.Prepare("SELECT hash FROM journal ORDER BY seq LIMIT 1 OFFSET (SELECT count(*) / 2 FROM journal)");
        return row.Step() ? row.Blob(0).ToArray() : throw new InvalidOperationException("the journal is empty");
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Python();
}
