using System.Text.Json;
using Gateway.Domain.Presence;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Store;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Steps of the wall clock and what they do to accounts and chain; and how old the heartbeat can be.</summary>
public sealed class ClockAnchorTests : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clock_that_was_wrong_at_the_start_moves_the_timeline_forward_once()
    {
        using (var rig = Start())
        {
            rig.Ingest.AppendEvent(LinkEventKind.ClockInsane, _clock.NowMs);
            rig.Say("c1", """{ "load_t": 1 }""");
            await rig.PassAsync(10);
            _clock.StepWall(TimeSpan.FromDays(1));
            rig.Ingest.AppendEvent(LinkEventKind.ClockSane, TestSite.Ten + 10_000);
            await rig.SettledAsync();
            Assert.Equal(TestSite.Ten + 10_000 + DayMs, (await rig.Stage.ViewAsync()).AtMs);
            rig.Say("c1", """{ "load_t": 2 }""");
            await rig.PassAsync(5);
            // Only once: the next step while it is right moves nothing.
            _clock.StepWall(TimeSpan.FromDays(1));
            rig.Ingest.AppendEvent(LinkEventKind.ClockSane, TestSite.Ten + 15_000 + DayMs);
            await rig.PassAsync(2);
            Assert.Equal(TestSite.Ten + 17_000 + DayMs, (await rig.Stage.ViewAsync()).AtMs);
        }
        var intervals = Intervals("c1");
        Assert.Contains(intervals, i => i is { State: PresenceState.Unknown, Cause: "clock" });
        Assert.Equal(DayMs, intervals.Where(i => i.Cause == "clock").Sum(i => i.ToMs - i.FromMs));
        Assert.DoesNotContain(intervals, i => i.State == PresenceState.Offline);
        var rows = ClockRows();
        Assert.Equal((DayMs, 0), (rows[0].GetProperty("anchorMs").GetInt64(), rows[0].GetProperty("skewMs").GetInt64()));
        Assert.Equal(DayMs, rows[1].GetProperty("stepMs").GetInt64());
        Assert.Equal(2, rows.Count);
    }

    [Theory]
    [InlineData(false, -1)]
    [InlineData(true, -1)]
    [InlineData(true, 1)]
    public async Task A_step_back_or_a_step_of_a_clock_that_was_right_moves_nothing_and_is_a_row(bool sane, int days)
    {
        using (var rig = Start())
        {
            rig.Ingest.AppendEvent(sane ? LinkEventKind.ClockSane : LinkEventKind.ClockInsane, _clock.NowMs);
            rig.Say("c1", """{ "load_t": 1 }""");
            await rig.PassAsync(10);
            _clock.StepWall(TimeSpan.FromDays(days));
            rig.Ingest.AppendEvent(LinkEventKind.ClockSane, TestSite.Ten + 10_000);
            await rig.PassAsync(2);
            Assert.Equal(TestSite.Ten + 12_000, (await rig.Stage.ViewAsync()).AtMs);
            Assert.Equal(PresenceState.Online, (await rig.Stage.ViewAsync()).Devices.Single(d => d.Id == "c1").Presence.State);
        }
        Assert.DoesNotContain(Intervals("c1"), i => i.Cause == "clock");
        var row = Assert.Single(ClockRows());
        Assert.Equal(days * DayMs, row.GetProperty("stepMs").GetInt64());
        Assert.False(row.TryGetProperty("anchorMs", out _));
    }

    [Fact]
    public async Task Whenever_the_power_goes_the_heartbeat_is_at_most_ten_seconds_old()
    {
        using var rig = Start();
        Assert.Equal(5, rig.Options.HeartbeatSeconds);
        for (int tick = 0; tick < 200; tick++)
        {
            await rig.PassAsync(0.2);
            using var reader = new StateReader(rig.Options.StatePath);
            long ageMs = _clock.NowMs - long.Parse(reader.Meta("heartbeat_ms")!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(ageMs, 0, 10_000);
        }
    }

    private StageRig Start()
    {
        var rig = new StageRig(_folder.Path, _clock);
        rig.Stage.Start();
        return rig;
    }

    private List<JsonElement> ClockRows() => [.. JournalCheck.Verify(_folder.File("state.db")).Where(r => r.Kind == "clock").Select(r => JsonDocument.Parse(r.Body).RootElement)];

    private List<(PresenceState State, string Cause, long FromMs, long ToMs)> Intervals(string device)
    {
        using var db = SqliteDatabase.OpenReader(_folder.File("state.db"));
        using var rows = db.Prepare("SELECT state, cause, from_ms, to_ms FROM presence_interval WHERE device = ? ORDER BY seq").Bind(1, device);
        return rows.All(r => ((PresenceState)r.Long(0), r.Text(1), r.Long(2), r.Long(3)));
    }
}
