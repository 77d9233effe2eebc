using System.Text;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class StateStoreUplinkTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Path => _folder.File("state.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void How_far_a_target_has_come_survives_whole()
    {
        var memory = new LaneMemory(100, 40, new TargetStart(1_795_292_640.5, 5), [(new LineRange(40, 60), false), (new LineRange(70, 80), true)]);
        using (var store = StateStore.Open(Path)) store.Commit(() => store.Keep(new LaneChanges("t", "telemetry", memory, [], [], [])));
        using var again = StateStore.Open(Path);
        var read = again.Progress("t", "telemetry");
        Assert.Equal((100, 40, memory.Started), (read.Next, read.Settled, read.Started));
        Assert.Equal(memory.Backlog, read.Backlog);
        Assert.Empty(again.Progress("t", "one").Backlog);
    }

    [Fact]
    public void A_cursor_of_version_2_meant_settled()
    {
        using (var old = SqliteDatabase.OpenWriter(Path))
        {
            SchemaMigration.Run(old, 2, StateSchema.Version1, StateSchema.Version2);
            old.Execute("INSERT INTO cursor(target, lane, next) VALUES('t', 'telemetry', 77)");
        }
        using var store = StateStore.Open(Path);
        Assert.Equal((77, 77, null), (store.Progress("t", "telemetry").Next, store.Progress("t", "telemetry").Settled, store.Progress("t", "telemetry").Started));
    }

    [Fact]
    public void Quarantine_is_bounded_in_rows_and_in_bytes_and_what_goes_is_counted()
    {
        using var store = StateStore.Open(Path);
        store.Commit(() =>
        {
            for (int i = 0; i < StateStore.QuarantineRowsMax + 3; i++) store.Quarantine("t", "telemetry", i, "m v=x 1\n"u8, "words");
        });
        Assert.Equal((StateStore.QuarantineRowsMax, 3), (JournalCheck.Count(Path, "SELECT count(*) FROM quarantine"), store.MetaLong("quarantine_dropped")));
        Assert.Equal(4, JournalCheck.Count(Path, "SELECT min(id) FROM quarantine"));
        byte[] large = new byte[StateStore.QuarantineBytesMax - 100];
        store.Commit(() => store.Quarantine("t", "telemetry", 1, large, "words"));
        Assert.True(JournalCheck.Count(Path, "SELECT sum(length(line)) FROM quarantine") <= StateStore.QuarantineBytesMax);
        Assert.Equal(StateStore.QuarantineRowsMax + 4, JournalCheck.Count(Path, "SELECT count(*) FROM quarantine") + store.MetaLong("quarantine_dropped"));
    }

    [Fact]
    public void A_replayed_line_leaves_quarantine_or_stays_with_the_new_words()
    {
        using var store = StateStore.Open(Path);
        store.Commit(() =>
        {
            for (int i = 1; i <= 3; i++) store.Quarantine(i == 3 ? "other" : "t", "telemetry", 1, Encoding.UTF8.GetBytes($"m v={i} 1\n"), "old words");
            Assert.Equal(2, store.AskReplay(2, "lin", "t", null));
        });
        using var reader = new StateReader(Path);
        Assert.Equal([1L, 2L], reader.QuarantineToReplay("t", 10).Select(r => r.Id));
        store.Commit(() => store.Keep(new LaneChanges("t", "telemetry", LaneMemory.Empty, [], [new ReplayedLine(1, 5, null), new ReplayedLine(2, 6, "new words")], [])));
        Assert.Empty(reader.QuarantineToReplay("t", 10));
        Assert.Equal([(3L, "old words"), (2L, "new words")], reader.Quarantine(null, long.MaxValue, 10).Rows.Select(r => (r.Id, r.Words)));
    }

    [Fact]
    public void Counts_add_up_by_hour_and_a_new_point_makes_the_hour_due_again()
    {
        var shape = new PointShape("crane", ["load_t", "seq"]);
        using var store = StateStore.Open(Path);
        using var reader = new StateReader(Path);
        Count(7, 10);
        Count(2, 4);
        Assert.Equal([new SettledCount("crane", "load_t", 3), new SettledCount("crane", "seq", 3)], reader.SettledCounts("t", 0));
        var hour = Assert.Single(reader.HoursToAudit("t", 1));
        Assert.Equal((4, 11, HourState.Open), (hour.FromLine, hour.ToLine, hour.State));
        Assert.Equal(4, reader.FirstLineToAudit("t"));
        store.Commit(() => store.KeepHour(hour with { State = HourState.Agrees }));
        Assert.Empty(reader.HoursToAudit("t", 1));
        Assert.Equal(long.MaxValue, reader.FirstLineToAudit("t"));
        Count(1, 12);
        Assert.Equal(HourState.Open, Assert.Single(reader.HoursToAudit("t", 1)).State);

        void Count(int points, long line)
        {
            var counts = new PointCounts();
            for (int i = 0; i < (points == 7 ? 2 : 1); i++) counts.Add(shape, 0, 1, line);
            store.Commit(() => store.Keep(new LaneChanges("t", "telemetry", LaneMemory.Empty, [], [], [counts])));
        }
    }
}
