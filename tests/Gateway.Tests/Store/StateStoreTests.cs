using System.Text;
using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class StateStoreTests : IDisposable
{
    private static readonly Alarm Open = new("019cbbb9-0000-7000-8000-000000000001", 7, "wind", Severity.Critical, new AlarmSubject(SubjectKind.Device, "c1"), new LocalText("风", "Wind"),
        new LocalText("停", "Stop"), AlarmState.Acked, "cause", "root", 1_000, 2_001, 2_002, "li", "note", null, 14.25, 13.8, 3);

    private readonly TempDirectory _folder = new();

    private string Path => _folder.File("state.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_chain_goes_on_over_a_restart_and_verifies()
    {
        for (int run = 0; run < 3; run++)
        {
            using var store = StateStore.Open(Path);
            store.Commit(() =>
            {
                store.Journal("boot", 1_000 + run, "{}"u8);
                store.Audit(1_001 + run, new AuditRow("li", "alarm.ack", "x", null));
            });
            Assert.Equal(2 * (run + 1), store.LastSeq);
        }
        Assert.Equal(6, JournalCheck.Verify(Path).Count);
    }

    [Fact]
    public void A_failed_commit_leaves_numbers_chain_and_tables_as_they_were()
    {
        using var store = StateStore.Open(Path);
        store.Commit(() => store.Journal("boot", 1, "{}"u8));
        using (var other = SqliteDatabase.OpenWriter(Path))
        {
            other.Execute("CREATE TRIGGER full BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            Assert.Throws<StoreException>(() => store.Commit(() => Write(store)));
            Assert.Equal((1, 1), (store.LastSeq, store.NextLaneOne));
            Assert.Equal(0, JournalCheck.Count(Path, "SELECT count(*) FROM lane_one"));
            other.Execute("DROP TRIGGER full");
        }
        store.Commit(() => Write(store));
        Assert.Equal((3, 2), (store.LastSeq, store.NextLaneOne));
        Assert.Equal(["boot", "alarm", "gap"], JournalCheck.Verify(Path).Select(r => r.Kind));

        static void Write(StateStore store)
        {
            store.Journal("alarm", 2, "{}"u8);
            store.Journal("gap", 3, "{}"u8);
            store.AppendLaneOne("m v=1 1\n"u8, 1);
            store.SetMeta("heartbeat_ms", 5);
        }
    }

    [Fact]
    public void What_the_engine_must_remember_comes_back()
    {
        using (var store = StateStore.Open(Path))
            store.Commit(() =>
            {
                Keep(store, Open);
                Keep(store, Open with { Id = "closed", Number = 9, State = AlarmState.Normal });
                store.KeepPresence("c1", PresenceState.Offline, "silent", 500);
                store.KeepPresence("c1", PresenceState.Online, "", 900);
                store.KeepInterval("c1", new PresenceInterval(0, PresenceState.Online, "", 100, 400), 1);
                store.KeepInterval("c1", new PresenceInterval(0, PresenceState.Offline, "silent", 400, 900), 2);
                store.KeepInterval("gone", new PresenceInterval(5, PresenceState.Offline, "silent", 400, 900), 3);
                store.KeepWork("c1", 300, new WorkMemory(60, 40));
                store.KeepWork("c2", 200, new WorkMemory(1, 1));
                store.SetMeta("heartbeat_ms", 950);
            });
        using var again = StateStore.Open(Path);
        var memory = again.Memory(new Dictionary<string, int> { ["c1"] = 4 }, dayFromMs: 450);

        Assert.Equal(950, memory.HeartbeatMs);
        Assert.Equal(new PresenceMemory(PresenceState.Online, "", 900), Assert.Single(memory.Presence).Value);
        Assert.Equal([new PresenceInterval(4, PresenceState.Offline, "silent", 400, 900)], memory.Today);
        Assert.Equal(new WorkMemory(60, 40), Assert.Single(again.Memory(new Dictionary<string, int>(), 300).Work).Value);
        Assert.Equal([Open], memory.OpenAlarms);
        Assert.Equal(9, memory.LastAlarmNumber);
    }

    [Fact]
    public void Lane_one_keeps_its_numbers_when_all_its_rows_are_settled()
    {
        using (var store = StateStore.Open(Path))
            store.Commit(() =>
            {
                for (int i = 0; i < 3; i++) store.AppendLaneOne("m v=1 1\n"u8, 1);
                store.Keep(new LaneChanges("t", "one", new LaneMemory(4, 4, null, []), [], [], []));
                store.TrimLaneOne(4);
            });
        using var again = StateStore.Open(Path);
        Assert.Equal((4, 4, 0), (again.NextLaneOne, again.Progress("t", "one").Next, again.Progress("t", "telemetry").Next));
    }

    [Fact]
    public void The_console_reads_alarms_and_transitions_page_by_page()
    {
        using var store = StateStore.Open(Path);
        store.Commit(() =>
        {
            for (int i = 1; i <= 5; i++)
            {
                byte[] body = Encoding.UTF8.GetBytes($"{{\"n\":{i}}}");
                var view = AlarmView.Of(Open with { Id = $"a{i}", Number = i, State = i % 2 == 0 ? AlarmState.Normal : AlarmState.Unacked }, i, new LocalText("", ""));
                store.KeepAlarm(view, body);
                store.Journal(i == 3 ? "audit" : "alarm", 100 + i, body);
            }
        });
        using var reader = new StateReader(Path);

        var (first, next) = reader.Alarms(open: true, long.MaxValue, 2);
        Assert.Equal(["{\"n\":5}", "{\"n\":3}"], first.Select(Encoding.UTF8.GetString));
        var (second, end) = reader.Alarms(open: true, next, 2);
        Assert.Equal("{\"n\":1}", Encoding.UTF8.GetString(Assert.Single(second)));
        Assert.Equal(0, end);
        Assert.Equal([2L, 4, 5], reader.Transitions(1, 10).Select(t => t.Seq));
        Assert.Equal("{\"n\":4}", Encoding.UTF8.GetString(reader.Alarm("a4")!));
        Assert.Null(reader.Alarm("a9"));
        Assert.Equal("{\"n\":3,\"seq\":3,\"atMs\":103}", Encoding.UTF8.GetString(Assert.Single(reader.Journal("audit", long.MaxValue, 10).Bodies)));
    }

    [Theory]
    [InlineData("telemetry.db")]
    [InlineData("state.db")]
    public void A_file_of_a_newer_gateway_is_refused_with_advice_and_not_touched(string name)
    {
        string path = _folder.File(name);
        using (var newer = SqliteDatabase.OpenWriter(path))
        {
            newer.Execute("CREATE TABLE future(x)");
            newer.Execute("PRAGMA user_version=99");
            newer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            newer.Execute("PRAGMA journal_mode=DELETE");
        }
        byte[] before = File.ReadAllBytes(path);

        var refused = Assert.Throws<StoreException>(() => { using var _ = name == "state.db" ? (IDisposable)StateStore.Open(path) : TelemetryStore.Open(path); });

        Assert.Contains($"{path}: schema version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Upgrade the gateway", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_is_no_database_is_said_by_name()
    {
        File.WriteAllText(Path, new string('x', 5_000));
        var refused = Assert.Throws<StoreException>(() => StateStore.Open(Path));
        Assert.StartsWith(Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(26, refused.Code);
    }

    private static void Keep(StateStore store, Alarm alarm)
    {
        var view = AlarmView.Of(alarm, alarm.Number, new LocalText("", ""));
        store.KeepAlarm(view, JsonSerializer.SerializeToUtf8Bytes(view, ViewJson.Default.AlarmView));
    }
}
