using Gateway.History;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>Age, budget, damage.</summary>
public sealed class HistoryUpkeepTests : IDisposable
{
    private const long HourMs = 3_600_000, DayMs = 24 * HourMs;

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Raw_goes_after_a_day_and_figures_after_ninety()
    {
        using var rig = new HistoryRig(_folder.Path);
        rig.Load(rig.NowMs, 7);
        rig.Write();
        Pass(rig, 24 * HourMs + 59 * 60_000);
        Assert.Single(rig.Read().Values());
        Pass(rig, 2 * 60_000);
        Assert.Empty(rig.Read().Values());
        Pass(rig, 89 * DayMs - 2 * HourMs);
        Assert.Equal(7, Assert.Single(rig.Read(resolution: "1m").RollUps()).Max);
        Assert.Equal(7, Assert.Single(rig.Read(resolution: "15m").RollUps()).Max);
        Pass(rig, 2 * DayMs);
        Assert.Equal(0, rig.Count("SELECT count(*) FROM block"));
    }

    [Fact]
    public void Beyond_the_budget_the_oldest_raw_goes_first_then_minutes_then_quarters_and_the_file_shrinks()
    {
        var options = new HistoryOptions { RawHours = 744, MiBMax = 3 };
        using var rig = new HistoryRig(_folder.Path, options);
        var random = new Random(1);
        for (int hour = 0; hour < 5; hour++)
        {
            for (int i = 0; i < 36_000; i++, rig.NowMs += 100) rig.Load(rig.NowMs, random.NextDouble() * 9);
            rig.Write();
        }
        options.MiBMax = 1;
        Pass(rig, 2 * 60_000);
        Assert.True(rig.Keeper.Figures.DroppedBlocks > 0);
        Assert.InRange(rig.Keeper.Figures.FileBytes, 1, 1024 * 1024);
        Assert.Equal(0, rig.Count("PRAGMA freelist_count"));
        Assert.InRange(rig.Count("PRAGMA page_count") * rig.Count("PRAGMA page_size"), 1, 1024 * 1024);
        Assert.Equal(5 * 60, rig.Read(resolution: "1m").RollUps().Count);
        var raw = rig.Read(toMs: rig.NowMs, points: 10_000).RollUps();
        Assert.DoesNotContain(raw, r => r.AtMs < HistoryRig.Start + HourMs);
        Assert.Equal("1m", rig.Read(toMs: HistoryRig.Start + 60_000, resolution: null).Resolution);

        options.MiBMax = 0;
        Pass(rig, 2 * 60_000);
        Assert.Equal(0, rig.Count("SELECT count(*) FROM block"));
    }

    [Fact]
    public void A_block_that_cannot_be_read_is_named_and_the_rest_is_shown()
    {
        using var rig = new HistoryRig(_folder.Path);
        for (int hour = 0; hour < 3; hour++)
        {
            rig.Load(rig.NowMs, hour);
            rig.Write();
            rig.NowMs += HourMs;
        }
        using (var other = SqliteDatabase.OpenWriter(rig.FilePath))
            other.Execute($"UPDATE block SET body = X'0201020304050607' WHERE span = {HistoryRig.Start / 1000 + 3600}");
        foreach (string resolution in (string[])["raw", "1m"])
        {
            var frame = rig.Read(resolution: resolution);
            Assert.Equal([0.0, 2.0], frame.Values().Select(v => v.Value));
            var (fromMs, toMs) = Assert.Single(frame.Unreadable);
            Assert.InRange(HistoryRig.Start + HourMs, fromMs, toMs);
        }
        Assert.Null(rig.Keeper.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_file_is_moved_aside_and_begun_anew_from_what_the_telemetry_store_has(bool whileRunning)
    {
        var rig = new HistoryRig(_folder.Path);
        for (int i = 0; i < 2000; i++, rig.NowMs += 1000) rig.Load(rig.NowMs, i % 9);
        rig.Write();
        if (!whileRunning)
        {
            rig.Dispose();
            File.WriteAllText(rig.FilePath, "no database at all, but long enough to be taken for one if nobody looks at its head");
            rig = new HistoryRig(_folder.Path) { NowMs = rig.NowMs };
        }
        else Overwrite(rig.FilePath);
        using var _ = rig;
        rig.Load(rig.NowMs, 3);
        rig.NowMs += 61_000;
        rig.Write();

        Assert.Contains("damaged/history.db-20260305T", Assert.Single(rig.Damages), StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(_folder.File("damaged")));
        Assert.Equal(2001, rig.Read().Values().Count);
        Assert.Equal(2001, rig.Read(resolution: "15m").RollUps().Sum(f => f.Count));
        Assert.Null(rig.Keeper.Fault);
    }

    [Fact]
    public void A_file_of_a_newer_gateway_is_left_alone_and_said_to_be()
    {
        using (var db = SqliteDatabase.OpenWriter(_folder.File(HistoryOptions.FileName))) db.Execute("PRAGMA user_version=99");
        using var rig = new HistoryRig(_folder.Path);
        rig.Load(rig.NowMs, 1);
        rig.Write();
        Assert.Contains("newer gateway", rig.Keeper.Fault, StringComparison.Ordinal);
        Assert.Equal(99, rig.Count("PRAGMA user_version"));
        Assert.Empty(rig.Damages);
    }

    [Fact]
    public void While_the_disk_refuses_nothing_is_lost_and_afterwards_all_is_there()
    {
        using var rig = new HistoryRig(_folder.Path);
        rig.Load(rig.NowMs, 1);
        rig.Write();
        using (var other = SqliteDatabase.OpenWriter(rig.FilePath))
        {
            other.Execute("BEGIN IMMEDIATE");
            rig.Load(rig.NowMs + 1000, 2);
            rig.NowMs += 30_000;
            rig.Write();
            Assert.NotNull(rig.Keeper.Fault);
            rig.Load(rig.NowMs, 3);
            rig.Commit();
            Assert.Equal([1.0, 2.0, 3.0], rig.Read().Values().Select(v => v.Value));
            other.Execute("COMMIT");
        }
        rig.NowMs += 10_000;
        rig.Write();
        rig.Write();
        Assert.Null(rig.Keeper.Fault);
        Assert.Equal([1.0, 2.0, 3.0], rig.Read().Values().Select(v => v.Value));
        Assert.Equal(rig.Telemetry.NextLine, rig.Keeper.Frontier);
    }

    private static void Pass(HistoryRig rig, long ms)
    {
        rig.NowMs += ms;
        rig.Write();
    }

    /// <summary>Noise over every page but the first, in the WAL too: as a dying card does it.</summary>
    private static void Overwrite(string path)
    {
        using (var db = SqliteDatabase.OpenWriter(path)) db.ReadLong("PRAGMA wal_checkpoint(TRUNCATE)");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        byte[] noise = new byte[4096];
        new Random(3).NextBytes(noise);
        for (long at = 4096; at < file.Length; at += 4096)
        {
            file.Position = at;
            file.Write(noise);
        }
    }
}
