using System.Text;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class TelemetryStoreTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Path => _folder.File("telemetry.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_reads_back_from_any_line_also_after_reopening()
    {
        using (var store = TelemetryStore.Open(Path)) Append(store, 3, 1, 4);
        using var again = TelemetryStore.Open(Path);

        Assert.Equal((8, 8 * 4), (again.NextLine, again.BodyBytes));
        Assert.Equal([(0, 3), (3, 1), (4, 4)], Heads(0).Select(h => (h.FirstLine, h.Lines)));
        Assert.Equal([(3, 1), (4, 4)], Heads(3).Select(h => (h.FirstLine, h.Lines)));
        Assert.Equal([4], Heads(7).Select(h => h.FirstLine));
        Assert.Empty(Heads(8));
    }

    [Fact]
    public void Numbers_go_on_for_ever_also_when_every_segment_is_gone()
    {
        using (var store = TelemetryStore.Open(Path))
        {
            Append(store, 3, 2);
            Assert.Equal(2, store.Trim(_ => true, 10, dropped: false).Count);
            Assert.Equal((5, 0, 0), (store.NextLine, store.BodyBytes, store.DroppedLines));
            Assert.Null(store.Oldest());
        }
        using var again = TelemetryStore.Open(Path);
        Assert.Equal(5, again.NextLine);
        Append(again, 1);
        Assert.Equal(5, Assert.Single(Heads(0)).FirstLine);
    }

    [Fact]
    public void Trimming_stops_where_it_must_and_counts_what_was_given_up()
    {
        using (var store = TelemetryStore.Open(Path))
        {
            Append(store, 1, 2, 3, 4);
            Assert.Equal([0L, 1], store.Trim(s => s.EndLine <= 3, 10, dropped: true).Select(s => s.FirstLine));
            Assert.Empty(store.Trim(s => s.EndLine <= 3, 10, dropped: true));
            Assert.Single(store.Trim(_ => true, 1, dropped: false));
            Assert.Equal(3, store.DroppedLines);
        }
        using var again = TelemetryStore.Open(Path);
        Assert.Equal((3, 6), (again.DroppedLines, again.Oldest()!.Value.FirstLine));
    }

    [Fact]
    public void The_question_whether_a_segment_may_go_is_asked_once_for_each()
    {
        using var store = TelemetryStore.Open(Path);
        Append(store, 5, 5, 5);
        long excess = 10;
        var gone = store.Trim(s => (excess -= s.Bytes) > -s.Bytes, 10, dropped: true);
        Assert.Single(gone);
    }

    [Fact]
    public void A_refused_append_keeps_nothing_and_the_same_lines_can_be_offered_again()
    {
        using var store = TelemetryStore.Open(Path);
        Append(store, 2);
        using (var other = SqliteDatabase.OpenWriter(Path))
        {
            other.Execute("CREATE TRIGGER full BEFORE INSERT ON segment BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            var refused = Assert.Throws<StoreException>(() => Append(store, 3));
            Assert.Contains("disk full", refused.Message, StringComparison.Ordinal);
            Assert.Equal((2, 8), (store.NextLine, store.BodyBytes));
            other.Execute("DROP TRIGGER full");
        }
        Append(store, 3);
        Assert.Equal([0L, 2], Heads(0).Select(h => h.FirstLine));
    }

    private static void Append(TelemetryStore store, params int[] segments)
    {
        foreach (int lines in segments) store.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("m 1\n", lines))), lines, 1_000);
    }

    private List<SegmentHead> Heads(long from)
    {
        var heads = new List<SegmentHead>();
        using var reader = new TelemetryReader(Path);
        reader.ReadFrom(from, (head, body) =>
        {
            Assert.Equal(head.Lines, body.Count((byte)'\n'));
            heads.Add(head);
            return true;
        });
        return heads;
    }
}
