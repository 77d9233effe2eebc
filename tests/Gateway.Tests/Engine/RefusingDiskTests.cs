using System.Text;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Store;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A disk that refuses one file or the other: what still happens, what waits, what is there afterwards.</summary>
public sealed class RefusingDiskTests : IDisposable
{
    private readonly TempDirectory _folder = new(), _copy = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public async Task While_telemetry_is_refused_every_message_is_judged_once_and_none_is_acknowledged()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        using (var disk = new RefusingFile(rig.Options.TelemetryPath, "segment"))
        {
            rig.Say("c1", """{"seq":1,"moment_pct":104}""", sink, 1);
            await rig.SettledAsync();
            rig.Say("c2", """{"seq":1,"moment_pct":105}""", sink, 2);
            await rig.SettledAsync();

            Assert.Equal(["c1", "c2"], Raised(rig, "crane-moment-alarm"));
            Assert.Equal(["store"], Raised(rig, "store-refuses"));
            Assert.Empty(sink.Acks);
            Assert.Equal(0, JournalCheck.Count(rig.Options.StatePath, "SELECT value FROM meta WHERE key = 'telemetry_frontier'"));
            Assert.Contains("disk full", rig.Stage.StoreFault, StringComparison.Ordinal);
        }
        await rig.SettledAsync();

        Assert.Equal([1L, 2], sink.Acks.Select(a => a.Token));
        Assert.Equal(2, rig.Lines().Count);
        Assert.Null(rig.Stage.StoreFault);
        Assert.Equal(["c1", "c2"], Raised(rig, "crane-moment-alarm"));
        await rig.SettledAsync();
        Assert.Contains(rig.Published, t => t.Kind == "alarm" && Says(t.Body, "store-refuses") && Says(t.Body, "returnedUnacked"));
    }

    [Fact]
    public async Task After_a_crash_with_a_refused_disk_the_alarm_is_there_and_the_line_was_never_acknowledged()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        using (new RefusingFile(rig.Options.TelemetryPath, "segment"))
        {
            rig.Say("c1", """{"seq":1,"moment_pct":104}""", sink, 1);
            await rig.SettledAsync();
            rig.CopyDisk(_copy.Path);
        }
        Assert.DoesNotContain(sink.Acks, a => a.LinesOnDisk == 0);
        using (var free = SqliteDatabase.OpenWriter(_copy.File("telemetry.db"))) free.Execute("DROP TRIGGER refuse");

        using var next = new StageRig(_copy.Path, _clock);
        next.Stage.Start();
        next.Say("c1", """{"seq":1,"moment_pct":104}""", sink, 2);
        await next.SettledAsync();
        Assert.Single(next.Lines());
        Assert.Equal(1, JournalCheck.Count(next.Options.StatePath, "SELECT count(*) FROM alarm WHERE CAST(body AS TEXT) LIKE '%crane-moment-alarm%'"));
    }

    [Fact]
    public async Task So_much_is_withheld_and_no_more_then_the_links_wait_and_afterwards_all_of_it_is_there()
    {
        using var rig = Start();
        int said = 0;
        using (new RefusingFile(rig.Options.TelemetryPath, "segment"))
        {
            string more = new('9', 15);
            while (rig.TrySay("c1", $$"""{"seq":{{said}},"load_t":1.{{more}},"moment_pct":1.{{more}},"radius_m":1.{{more}},"height_m":1.{{more}},"wind_mps":1.{{more}}}"""))
            {
                if (++said % 5_000 == 0) await rig.SettledAsync();
                Assert.True(said < 500_000, "what waits for the disk grows without end");
            }
            Assert.True(rig.Ingest.SpaceAsync() is { IsCompleted: false }, "links would not wait");
        }
        await rig.SettledAsync();
        Assert.Equal(said, rig.Stage.CommittedLines);
        Assert.Equal(said, rig.Lines().Count);
    }

    [Fact]
    public async Task While_mqtt_state_is_refused_alarms_are_published_and_nothing_is_acknowledged()
    {
        var beside = new StubbornRoundStore { HasWork = true, Refuses = true };
        using var rig = new StageRig(_folder.Path, _clock, beside: beside);
        rig.Stage.Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        rig.Say("c1", """{"seq":1,"moment_pct":104}""", sink, 1);
        await rig.SettledAsync();
        rig.Say("c2", """{"seq":1,"moment_pct":104}""", sink, 2);
        await rig.SettledAsync();
        Assert.Equal(["c1", "c2"], Raised(rig, "crane-moment-alarm"));
        Assert.Equal((0, 0), (sink.Acks.Count, beside.Published));

        beside.Refuses = false;
        await rig.SettledAsync();
        await rig.SettledAsync();
        Assert.Equal([1L, 2], sink.Acks.Select(a => a.Token));
        Assert.Equal(1, beside.Published);
    }

    [Fact]
    public async Task What_a_device_was_promised_by_mqtt_is_never_on_disk_before_its_telemetry()
    {
        var beside = new StubbornRoundStore { HasWork = true };
        using var rig = new StageRig(_folder.Path, _clock, beside: beside);
        using (new RefusingFile(rig.Options.TelemetryPath, "segment"))
        {
            rig.Stage.Start();
            rig.Say("c1", """{"seq":1,"load_t":1}""");
            await rig.SettledAsync();
            beside.HasWork = true;
            int before = beside.Commits;
            await rig.SettledAsync();
            Assert.Equal(before, beside.Commits);
        }
        await rig.SettledAsync();
        Assert.False(beside.HasWork);
    }

    private StageRig Start()
    {
        var rig = new StageRig(_folder.Path, _clock);
        rig.Stage.Start();
        return rig;
    }

    private static List<string> Raised(StageRig rig, string rule)
    {
        lock (rig.Published)
            return [.. rig.Published.Where(t => t.Kind == "alarm").Select(t => System.Text.Json.JsonDocument.Parse(t.Body).RootElement)
                .Where(a => a.GetProperty("rule").GetString() == rule && a.GetProperty("state").GetString() == "unacked").Select(a => a.GetProperty("subject").GetProperty("id").GetString()!)];
    }

    private static bool Says(byte[] body, string word) => Encoding.UTF8.GetString(body).Contains(word, StringComparison.Ordinal);
}
