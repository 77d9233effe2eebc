using Gateway.Decoding;
using Gateway.Domain.Compliance;
using Gateway.Domain.Evidence;
using Gateway.Domain.Readings;
using Gateway.Domain.Reports;
using Gateway.Evidence;
using Gateway.Reports;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Store;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Data by slots on disk: over stops, crashes and old files, into the chain and from there into a report. Starts on 2026-03-05 at 10:00.</summary>
public sealed class DataDayStageTests : IDisposable
{
    private const string Dust = """, { "id": "d1", "name": "扬尘", "kind": "dust", "profile": "hj212-dust", "link": "hj212", "mn": "NB0203000000000000000001", "inService": "2026-01-01" }""";

    private static readonly DateOnly First = new(2026, 3, 5);

    private readonly TempDirectory _folder = new(), _copy = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    [Fact]
    public async Task Bits_go_on_over_a_stop_and_a_day_that_ended_meanwhile_is_told_after_the_start()
    {
        using (var rig = Start())
        {
            rig.Say("c1", Json());
            await rig.PassAsync(600);
            rig.Say("c1", Json());
            await rig.SettledAsync();
        }
        _clock.Advance(TimeSpan.FromHours(20));
        using (var rig = Start()) await rig.PassAsync(1);

        Assert.Equal([new DataQuality(144, 2, 2)], Rows(_folder.File("state.db"), "c1"));
        Assert.Equal(ChainVerdict.Whole, StateVerifier.Verify(_folder.File("state.db"), TestSite.GatewayId, []).Verdict);
    }

    [Fact]
    public async Task Lines_that_were_stored_and_not_judged_count_after_a_crash_also_means_over_an_interval()
    {
        using var rig = Start();
        await rig.SettledAsync();
        rig.CopyDisk(_copy.Path);
        rig.Say("c1", Json());
        Mean(rig, TestSite.Ten - 3_600_000);
        await rig.SettledAsync();
        // The state is of before, the telemetry of after.
        foreach (string file in Directory.GetFiles(_folder.Path, "telemetry.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal))) File.Copy(file, Path.Combine(_copy.Path, Path.GetFileName(file)), overwrite: true);
        using (var next = Start(_copy.Path)) await next.PassAsync(15 * 3_600);

        Assert.Equal([new DataQuality(144, 1, 1)], Rows(_copy.File("state.db"), "c1"));
        Assert.Equal([new DataQuality(144, 1, 1)], Rows(_copy.File("state.db"), "d1"));
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_after_a_start_until_late_data_come()
    {
        using (var rig = Start()) await rig.PassAsync(15 * 3_600);
        using (var rig = Start()) await rig.PassAsync(2 * 3_600);
        Assert.Single(Rows(_folder.File("state.db"), "d1"));
        using (var rig = Start())
        {
            Mean(rig, TestSite.Ten + 60_000);
            await rig.PassAsync(60);
        }

        Assert.Equal([new DataQuality(144, 0, 0), new DataQuality(144, 1, 1)], Rows(_folder.File("state.db"), "d1"));
    }

    [Fact]
    public async Task A_store_of_before_begins_with_the_next_day()
    {
        using (var rig = Start()) await rig.SettledAsync();
        using (var db = SqliteDatabase.OpenWriter(_folder.File("state.db"))) db.Execute("DROP TABLE data_day; DELETE FROM meta WHERE key = 'data_from'; PRAGMA user_version=5");
        using (var rig = Start())
        {
            rig.Say("c1", Json());
            await rig.PassAsync(15 * 3_600);
            Assert.Empty(Rows(_folder.File("state.db"), "c1"));
            rig.Say("c1", Json());
            await rig.PassAsync(24 * 3_600);
        }

        Assert.Equal([new DataQuality(144, 1, 1)], Rows(_folder.File("state.db"), "c1"));
    }

    [Fact]
    public async Task Days_too_old_for_any_datum_are_not_kept()
    {
        using var rig = Start();
        for (int day = 0; day < 16; day++)
        {
            rig.Say("c1", Json());
            await rig.PassAsync(86_400);
        }

        Assert.InRange(JournalCheck.Count(rig.Options.StatePath, "SELECT count(*) FROM data_day WHERE device = 'c1'"), 11, 13);
        Assert.Equal(16, Rows(rig.Options.StatePath, "c1").Count);
    }

    [Fact]
    public async Task What_a_damaged_file_lost_is_written_again_while_it_runs()
    {
        using var rig = Start();
        rig.Say("c1", Json());
        await rig.SettledAsync();
        using (var db = SqliteDatabase.OpenBeside(rig.Options.StatePath)) db.Execute("DELETE FROM data_day; DELETE FROM meta WHERE key = 'data_from'");
        StoreFiles.Suspect(rig.Options.StatePath, "somebody met damage");
        await rig.PassAsync(2);
        await rig.PassAsync(2);

        Assert.Equal(1, JournalCheck.Count(rig.Options.StatePath, "SELECT count(*) FROM data_day WHERE device = 'c1'"));
        Assert.Equal(1, JournalCheck.Count(rig.Options.StatePath, "SELECT count(*) FROM meta WHERE key = 'data_from'"));
        Assert.Null(rig.Fault);
    }

    [Fact]
    public async Task A_report_takes_its_data_from_the_chain_and_the_chain_proves_them()
    {
        using var rig = Start();
        rig.Say("c1", Json());
        await rig.PassAsync(15 * 3_600);
        var (ledger, zone, path) = (rig.Site.Ledger, rig.Site.Ledger.Site.TimeZone, rig.Options.StatePath);
        var input = ReportSource.Take(path, TestSite.GatewayId, ledger, "l", AccountWindow.Day(First, zone));
        var report = SiteReport.Of(input);
        // Six devices that measure were in service; the hoist without days of service owes nothing.
        Assert.Equal(new DataQuality(6 * 144, 1, 1), report.Site.Tally.Data);
        Assert.Equal("0.115", report.Site.Figures.Single(f => f.Figure.Id == "data.transmission").Percent);

        byte[] file = ReportJson.Write(report);
        var findings = ReportVerifier.Recompute(file, ReportSource.Rows(path), zone);
        Assert.All(findings, f => Assert.Equal(ReportFault.Note, f.Fault));
        Assert.DoesNotContain(findings, f => f.Text.En.Contains("data counts", StringComparison.Ordinal));
        // The next day is not over.
        Assert.Empty(SiteReport.Of(ReportSource.Take(path, TestSite.GatewayId, ledger, "l", AccountWindow.Day(First.AddDays(1), zone))).Input.Data);

        using (var db = SqliteDatabase.OpenWriter(path)) db.Execute("UPDATE journal SET body = CAST(json_set(CAST(body AS TEXT), '$.valid', 0) AS BLOB) WHERE kind = 'data-day' AND json_extract(CAST(body AS TEXT), '$.device') = 'c1'");
        findings = ReportVerifier.Recompute(file, ReportSource.Rows(path), zone);
        Assert.Contains(findings, f => f.Fault == ReportFault.Chain);
        Assert.Contains(findings, f => f.Fault == ReportFault.Figure && f.Where.StartsWith("figures[data.", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    private StageRig Start(string? folder = null)
    {
        var rig = new StageRig(folder ?? _folder.Path, _clock, moreDevices: Dust);
        rig.Stage.Start();
        return rig;
    }

    private string Json() => $$"""{"ts":{{_clock.NowMs}},"load_t":1.5}""";

    /// <summary>What a logger sends of ten minutes, however late.</summary>
    private void Mean(StageRig rig, long fromMs)
    {
        var (route, message) = (rig.Site.Route("d1"), new DecodedMessage());
        message.Begin(route);
        message.Add((ushort)route.Profile.Device.SlotOf("pm25_ugm3"), 41);
        (message.MeasuredAtMs, message.SpanMinutes) = (fromMs, route.MinuteSpan);
        Assert.True(rig.Ingest.TryAppend(route, message, ReadingKind.Aggregate, ReadingFlags.Backfill, _clock.NowMs, prefix: route.MinutePrefix));
    }

    private static List<DataQuality> Rows(string state, string device) =>
        [.. JournalCheck.Verify(state).Where(r => r.Kind == DataDayJson.RowKind).Select(r => DataDayJson.Read(r.Body, r.Seq)!).Where(d => d.Device == device).Select(d => d.Quality)];
}
