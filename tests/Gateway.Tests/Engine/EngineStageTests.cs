using System.Text;
using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Store;
using Gateway.Uplink;
using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Engine;

public sealed class EngineStageTests : IDisposable
{
    private readonly TempDirectory _folder = new(), _copy = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public async Task A_message_is_acknowledged_only_when_it_is_on_disk_and_in_its_turn()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        for (int i = 0; i < 20; i++)
        {
            rig.Say("c1", $$"""{"seq":{{i}},"load_t":1}""", sink, token: i);
            if (i % 7 == 0) await rig.SettledAsync();
        }
        await rig.SettledAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), sink.Acks.Select(a => a.Token));
        Assert.All(sink.Acks, a => Assert.True(a.LinesOnDisk > a.Token, $"message {a.Token} was acknowledged with {a.LinesOnDisk} lines on disk"));
        Assert.Equal(20, rig.Stage.CommittedLines);
        Assert.InRange(sink.Flushes, 3, 20);
    }

    [Fact]
    public async Task A_message_that_says_nothing_new_is_answered_too()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        rig.Ingest.AppendAck(sink, 9);
        await rig.SettledAsync();
        Assert.Equal([(9L, 0)], sink.Acks);
    }

    [Fact]
    public async Task A_message_delivered_twice_overwrites_itself_also_across_a_crash()
    {
        string message = $$"""{"ts":{{_clock.NowMs - 500}},"seq":1,"load_t":1.5}""", other = $$"""{"ts":{{_clock.NowMs - 500}},"seq":2,"load_t":1.5}""";
        using var rig = Start();
        rig.Say("c1", message);
        rig.Say("c1", other);
        rig.Say("c1", message);
        await rig.SettledAsync();
        rig.CopyDisk(_copy.Path);
        using var next = Start(_copy.Path);
        next.Say("c1", other);
        await next.SettledAsync();

        var lines = next.Lines();
        Assert.Equal(4, lines.Count);
        Assert.Equal([lines[0], lines[1], lines[0], lines[1]], lines);
        Assert.NotEqual(lines[0][lines[0].LastIndexOf(' ')..], lines[1][lines[1].LastIndexOf(' ')..]);
    }

    [Fact]
    public async Task A_message_told_again_after_a_long_outage_keeps_the_key_it_had()
    {
        string message = $$"""{"ts":{{_clock.NowMs}},"seq":1,"load_t":1.5}""";
        using var rig = Start();
        rig.Say("c1", message);
        await rig.SettledAsync();
        rig.CopyDisk(_copy.Path);
        _clock.Advance(TimeSpan.FromMinutes(20));
        using var next = Start(_copy.Path);
        next.Say("c1", message);
        await next.SettledAsync();

        Assert.Equal(2, next.Lines().Count);
        Assert.Single(next.Lines().Distinct());
    }

    [Fact]
    public async Task Transitions_are_published_after_the_commit_as_the_journal_holds_them()
    {
        using var rig = Start();
        long onDisk = 0;
        rig.Stage.Published += t => onDisk = Math.Max(onDisk, JournalCheck.Count(rig.Options.StatePath, "SELECT max(seq) FROM journal") - t.Seq);
        rig.Say("c1", """{"moment_pct":104}""");
        await rig.SettledAsync();

        Assert.True(onDisk >= 0);
        var journal = JournalCheck.Verify(rig.Options.StatePath).Where(r => r.Kind is "alarm" or "presence").ToDictionary(r => r.Seq);
        Assert.Contains(rig.Published, t => t.Kind == "alarm");
        Assert.All(rig.Published, t => Assert.Equal((journal[t.Seq].Kind, Encoding.UTF8.GetString(journal[t.Seq].Body)), (t.Kind, Encoding.UTF8.GetString(t.Body))));
        Assert.Equal(rig.Published.Select(t => t.Seq).Order(), rig.Published.Select(t => t.Seq));
    }

    [Fact]
    public async Task After_a_crash_an_open_alarm_is_the_same_alarm_and_not_raised_again()
    {
        using var rig = Start();
        rig.Say("c1", """{"moment_pct":104}""");
        await rig.SettledAsync();
        var before = Alarm(rig, "crane-moment-alarm");
        rig.CopyDisk(_copy.Path);
        _clock.Advance(TimeSpan.FromSeconds(7));

        using var next = Start(_copy.Path);
        next.Say("c1", """{"moment_pct":105}""");
        await next.SettledAsync();

        Assert.Equal((before.Id, before.Seq, 1), (Alarm(next, "crane-moment-alarm").Id, Alarm(next, "crane-moment-alarm").Seq, Alarm(next, "crane-moment-alarm").Count));
        Assert.DoesNotContain(next.Published, t => t.Kind == "alarm" && Encoding.UTF8.GetString(t.Body).Contains("crane-moment-alarm", StringComparison.Ordinal));
        var kinds = JournalCheck.Verify(next.Options.StatePath).Select(r => r.Kind).ToList();
        Assert.Equal(2, kinds.Count(k => k == "boot"));
        Assert.DoesNotContain("shutdown", kinds);
    }

    [Fact]
    public async Task What_was_stored_and_not_judged_is_judged_at_the_next_start()
    {
        using (var rig = Start()) await rig.SettledAsync();
        // The power went between the two commits: the line is there, what it caused is not.
        using (var telemetry = TelemetryStore.Open(_folder.File("telemetry.db")))
            telemetry.Append(Encoding.UTF8.GetBytes($"crane,site=s1,device=c1 moment_pct=104,operator=\"op-1\" {_clock.NowMs}000000\n"), 1, _clock.NowMs);
        _clock.Advance(TimeSpan.FromSeconds(5));

        using var next = Start();
        await next.SettledAsync();

        Assert.Equal(104, Alarm(next, "crane-moment-alarm").Value);
        var view = await next.Stage.ViewAsync();
        Assert.Equal("unknown", view.Devices[0].Presence.State.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task What_a_device_told_later_raises_nothing_when_it_is_judged_again()
    {
        using (var rig = Start()) await rig.SettledAsync();
        using (var telemetry = TelemetryStore.Open(_folder.File("telemetry.db")))
            telemetry.Append(Encoding.UTF8.GetBytes($"crane,site=s1,device=c1 moment_pct=104 {_clock.NowMs - 3_600_000}000000\ncrane,site=s1,device=c2 moment_pct=104 {_clock.NowMs}000000\n"), 2, _clock.NowMs);
        using var next = Start();
        await next.SettledAsync();
        Assert.Equal("c2", Alarm(next, "crane-moment-alarm").Subject.Id);
    }

    [Fact]
    public async Task While_the_disk_refuses_nothing_is_acknowledged_the_page_still_answers_and_afterwards_nothing_is_missing()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        rig.Say("c1", """{"seq":0,"load_t":1}""", sink, 0);
        await rig.SettledAsync();
        using (var other = SqliteDatabase.OpenWriter(rig.Options.TelemetryPath))
        {
            other.Execute("CREATE TRIGGER full BEFORE INSERT ON segment BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            for (int i = 1; i < 5; i++) rig.Say("c1", $$"""{"seq":{{i}},"load_t":1}""", sink, i);
            _clock.Advance(TimeSpan.FromSeconds(90));
            for (int i = 0; i < 2; i++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await rig.Stage.ViewAsync().WaitAsync(TimeSpan.FromSeconds(20));
            }
            Assert.Contains("disk full", rig.Stage.StoreFault, StringComparison.Ordinal);
            Assert.Single(sink.Acks);
            other.Execute("DROP TRIGGER full");
        }
        await rig.SettledAsync();

        Assert.Null(rig.Stage.StoreFault);
        Assert.Equal([0L, 1, 2, 3, 4], sink.Acks.Select(a => a.Token));
        Assert.Equal(5, rig.Lines().Count);
        Assert.Null(rig.Fault);
    }

    [Fact]
    public async Task A_state_commit_that_failed_is_made_once_and_whole()
    {
        using var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        using (var other = SqliteDatabase.OpenWriter(rig.Options.StatePath))
        {
            other.Execute("CREATE TRIGGER full BEFORE INSERT ON alarm BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            rig.Say("c1", """{"moment_pct":104}""", sink, 1);
            await rig.Stage.ViewAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Empty(sink.Acks);
            other.Execute("DROP TRIGGER full");
        }
        await rig.SettledAsync();

        Assert.Single(sink.Acks);
        // At 104 % both the warning and the alarm could stand; the warning waits for its delay.
        Assert.Single(rig.Published, t => t.Kind == "alarm" && Says(t.Body, "crane-moment-alarm"));
        Assert.Single(JournalCheck.Verify(rig.Options.StatePath), r => r.Kind == "alarm" && Says(r.Body, "crane-moment-alarm"));
    }

    [Fact]
    public async Task A_persons_acknowledgement_is_on_disk_before_it_is_confirmed()
    {
        using var rig = Start();
        rig.Say("c1", """{"moment_pct":104}""");
        await rig.SettledAsync();
        string id = Alarm(rig, "crane-moment-alarm").Id;

        Assert.Equal(AlarmRefusal.None, await rig.Stage.ActAsync(new AcknowledgeAlarm(id, "li", "on my way")));
        Assert.Equal(("li", "on my way"), (Alarm(rig, "crane-moment-alarm").AckedBy, Alarm(rig, "crane-moment-alarm").Note));
        Assert.Equal(AlarmRefusal.NotNow, await rig.Stage.ActAsync(new AcknowledgeAlarm(id, "li", null)));
        Assert.Contains(JournalCheck.Verify(rig.Options.StatePath), r => r.Kind == "audit" && Encoding.UTF8.GetString(r.Body).Contains("on my way", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_changes_no_state()
    {
        using var rig = Start();
        rig.Say("c1", """{"load_t":1}""");
        await rig.SettledAsync();
        int before = rig.Published.Count;
        _clock.StepWall(TimeSpan.FromDays(1));
        await rig.SettledAsync();
        _clock.StepWall(TimeSpan.FromDays(-2));
        await rig.PassAsync(10);
        Assert.Equal(before, rig.Published.Count);
    }

    [Fact]
    public async Task A_line_set_aside_just_before_the_stop_is_written_down_before_the_cursor_that_passes_it()
    {
        using (var rig = Start(targets: ["t"]))
        {
            await rig.SettledAsync();
            var refused = new RefusedLine("t", UplinkLedger.LaneOne, 1, "m v=x 1\n"u8.ToArray(), "unable to parse");
            rig.Uplink.Lane("t", UplinkLedger.LaneOne).Answered(new LineRange(0, 1), SendWay.Live, null, 1, null, [refused]);
            rig.Stage.Stop(TimeSpan.FromSeconds(20));
        }
        Assert.Equal((1, 1), (JournalCheck.Count(_folder.File("state.db"), "SELECT next FROM cursor WHERE target='t' AND lane='one'"), JournalCheck.Count(_folder.File("state.db"), "SELECT count(*) FROM quarantine")));
    }

    [Fact]
    public async Task Stopped_in_order_it_says_so_and_takes_no_more_commands()
    {
        var rig = Start();
        var sink = new WitnessSink(rig.Options.TelemetryPath);
        rig.Say("c1", """{"load_t":1}""", sink, 1);
        rig.Stage.Stop(TimeSpan.FromSeconds(20));
        Assert.Single(sink.Acks);
        await Assert.ThrowsAsync<StoreException>(() => rig.Stage.WriteAsync((_, _) => { }));
        rig.Dispose();
        Assert.Equal(["shutdown", "checkpoint"], JournalCheck.Verify(_folder.File("state.db")).TakeLast(2).Select(r => r.Kind));
    }

    private static bool Says(byte[] body, string word) => Encoding.UTF8.GetString(body).Contains(word, StringComparison.Ordinal);

    private StageRig Start(string? folder = null, string[]? targets = null, int budgetMiB = 1024)
    {
        var rig = new StageRig(folder ?? _folder.Path, _clock, targets, budgetMiB);
        rig.Stage.Start();
        return rig;
    }

    private static AlarmView Alarm(StageRig rig, string rule)
    {
        using var reader = new StateReader(rig.Options.StatePath);
        return reader.Alarms(open: true, long.MaxValue, 100).Bodies.Select(b => JsonSerializer.Deserialize(b, ViewJson.Default.AlarmView)!).Single(a => a.Rule == rule);
    }
}
