using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Diagnostics.Boot;
using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Store;
using Gateway.Uplink;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>One start after the other on the same store: what each finds out about the end of the one before.</summary>
public sealed class BootKindTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));
    private readonly TestSite _site = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_start_journals_how_the_last_run_ended_and_names_the_time_since_by_it()
    {
        await RunAsync("kernel-1", null, orderly: true, (LastEnd.First, PresenceCause.Gateway));
        await RunAsync("kernel-1", null, orderly: false, (LastEnd.Shutdown, PresenceCause.Gateway));
        await RunAsync("kernel-1", null, orderly: false, (LastEnd.Crash, PresenceCause.Gateway));
        await RunAsync("kernel-1", "watchdog killed ABRT", orderly: false, (LastEnd.Watchdog, PresenceCause.Gateway));
        await RunAsync("kernel-2", "watchdog killed ABRT", orderly: true, (LastEnd.Power, PresenceCause.Power));

        var boots = JournalCheck.Verify(_folder.File("state.db")).Where(r => r.Kind == "boot").Select(r => JsonDocument.Parse(r.Body).RootElement).ToList();
        Assert.Equal(["first", "shutdown", "crash", "watchdog", "power"], boots.Select(b => b.GetProperty("lastEnd").GetString()));
        Assert.Equal("watchdog killed ABRT", boots[3].GetProperty("lastExit").GetString());
        Assert.False(boots[0].TryGetProperty("lastExit", out _));
    }

    private async Task RunAsync(string bootId, string? exit, bool orderly, (LastEnd End, string Cause) expected)
    {
        _clock.Advance(TimeSpan.FromMinutes(10));
        using (var ingest = new IngestBuffer())
        {
            var words = exit?.Split(' ');
            using var stage = new EngineStage(_site.Ledger, _site.Directory, _site.Rules, _site.Texts, ingest, new GatewayClock(_clock), new StoreOptions { Directory = _folder.Path, FreeMiBMin = 0, ReserveMiB = 0 }, new UplinkLedger([]),
                new EngineIdentity(TestSite.GatewayId, "0", "l", "r", 60), NullLogger<EngineStage>.Instance) { Host = new HostBoot(bootId, words is null ? null : new LastExit(words[0], words[1], words[2], _clock.NowMs)) };
            stage.Recover();
            Assert.Equal(expected.End, stage.LastEnd);
            stage.Start();
            await stage.WriteAsync((_, _) => { });
            var view = await stage.ViewAsync();
            Assert.Equal(expected.Cause, view.Devices.Single(d => d.Id == "c1").Presence.Cause);
            if (expected.End != LastEnd.First)
            {
                var down = view.Alarms.Single(a => a.Rule == (expected.Cause == PresenceCause.Power ? "gateway-lost-power" : "gateway-was-down"));
                Assert.Equal((LastEnds.WordOf(expected.End), AlarmState.ReturnedUnacked), (down.Cause, down.State));
            }
        }
        if (orderly) return;
        // As a crash leaves it: without last words.
        using var db = SqliteDatabase.OpenWriter(_folder.File("state.db"));
        db.Execute("DELETE FROM journal WHERE seq >= (SELECT max(seq) FROM journal WHERE kind = 'shutdown')");
    }
}
