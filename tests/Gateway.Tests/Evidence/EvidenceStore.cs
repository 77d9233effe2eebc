using System.Text;
using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Domain.Presence;
using Gateway.Domain.Rules;
using Gateway.Engine.Views;
using Gateway.Evidence;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;

namespace Gateway.Tests.Evidence;

/// <summary>A <c>state.db</c> with a chain of every kind of row and the tables that belong to it, to be tampered with.</summary>
internal sealed class EvidenceStore : IDisposable
{
    public const string GatewayId = "gw-1";

    private readonly TempDirectory _folder = new();

    public EvidenceStore(int rounds = 4)
    {
        using var store = StateStore.Open(Path);
        store.Commit(() => store.Journal("boot", 1_000, Encoding.UTF8.GetBytes($$"""{"gateway":"{{GatewayId}}"}""")));
        for (int round = 1; round <= rounds; round++)
        {
            int n = round;
            store.Commit(() => Round(store, n));
        }
    }

    public string Path => _folder.File("state.db");

    public string File(string name) => _folder.File(name);

    public ChainReport Verify(params Checkpoint[] outside) => StateVerifier.Verify(Path, GatewayId, outside);

    /// <summary>The newest row, as an outside copy knows it.</summary>
    public Checkpoint Head()
    {
        var report = Verify();
        return new Checkpoint(GatewayId, report.LastSeq, report.LastHash, report.Rows, report.LastAtMs);
    }

    /// <summary>As somebody with the file and a tool of their own.</summary>
    public void Tamper(string sql)
    {
        using var db = SqliteDatabase.OpenWriter(Path);
        db.Execute(sql);
    }

    /// <summary>Makes all hashes fit again, as a forger who knows the rule.</summary>
    public void Recompute()
    {
        using var db = SqliteDatabase.OpenWriter(Path);
        var rows = new List<(long Seq, byte[] Hash)>();
        byte[] hash = new byte[EvidenceChain.HashBytes];
        using (var read = db.Prepare("SELECT seq, at_ms, kind, body FROM journal ORDER BY seq"))
            while (read.Step()) rows.Add((read.Long(0), hash = EvidenceChain.Next(hash, read.Long(0), read.Long(1), read.Text(2), read.Blob(3))));
        using var write = db.Prepare("UPDATE journal SET hash = ? WHERE seq = ?");
        foreach (var (seq, made) in rows) write.Bind(1, made.AsSpan()).Bind(2, seq).Run();
    }

    public void Dispose() => _folder.Dispose();

    private static void Round(StateStore store, int n)
    {
        var state = n % 2 == 0 ? AlarmState.Normal : AlarmState.Unacked;
        var alarm = new Alarm($"019cbbb9-0000-7000-8000-{(n + 1) / 2:x12}", (n + 1) / 2, "wind", Severity.High, new AlarmSubject(SubjectKind.Device, "c1"), new LocalText("风", "Wind"), new LocalText("停", "Stop"),
            state, null, null, 1_000 * n, 1_000 * n, null, null, null, null, 14.5, 13.8, 1);
        var view = AlarmView.Of(alarm, store.LastSeq + 1, new LocalText("塔机", "Crane"));
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(view, ViewJson.Default.AlarmView);
        store.KeepAlarm(view, body);
        store.Journal("alarm", 1_000 * n, body);
        var presence = new PresenceView(PresenceState.Offline, "silent", DateTimeOffset.FromUnixTimeMilliseconds(1_000 * n), [], 20_000, 60_000, 0, 0);
        store.KeepPresence("c1", PresenceState.Offline, "silent", 1_000 * n);
        store.Journal("presence", 1_000 * n, JsonSerializer.SerializeToUtf8Bytes(new PresenceEvent("c1", presence), ViewJson.Default.PresenceEvent));
        var interval = new PresenceInterval(0, PresenceState.Online, "", 1_000 * (n - 1), 1_000 * n);
        var row = new IntervalRow("c1", interval.State, interval.Cause, DateTimeOffset.FromUnixTimeMilliseconds(interval.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(interval.ToMs));
        store.KeepInterval("c1", interval, store.Journal("interval", 1_000 * n, JsonSerializer.SerializeToUtf8Bytes(row, ViewJson.Default.IntervalRow)));
        store.Audit(1_000 * n, new AuditRow("li", "alarm.ack", "x", null));
        store.Checkpoint(GatewayId, 1_000 * n, "hour");
    }
}
