using Gateway.Domain.Readings;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>What goes in comes out: at every resolution, from memory and from disk, across stops and crashes.</summary>
public sealed class HistoryKeeperTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_resolution_says_what_a_plain_calculation_says(int seed)
    {
        using var rig = Open();
        var said = new List<(long AtMs, double Value)>();
        var random = new Random(seed);
        // Three hours, written whenever: parts of all sizes, some merged on the way, some still in memory.
        for (; rig.NowMs < HistoryRig.Start + 3 * 3_600_000; rig.NowMs += random.Next(1, 12) * 500)
        {
            double load = Math.Round(random.NextDouble() * 40, 2);
            said.Add((rig.NowMs, load));
            rig.Load(rig.NowMs, load);
            rig.Commit();
            if (random.Next(20) == 0) rig.Keeper.Round(rig.NowMs, all: true);
        }
        AssertSays(rig, said);
        rig.Write();
        AssertSays(rig, said);
        rig.NowMs += 86_400_000 / 4;
        rig.Write();
        Assert.True(rig.Count("SELECT count(*) FROM block WHERE resolution < 2") <= 8, "closed hours were not merged");
        AssertSays(rig, said);
    }

    [Fact]
    public void What_is_not_written_yet_is_shown_and_what_is_written_is_shown_once()
    {
        using var rig = Open();
        rig.Write();
        for (int i = 0; i < 10; i++) rig.Load(rig.NowMs + i * 1000, i);
        rig.NowMs += 10_000;
        rig.Commit();
        Assert.Equal(10, rig.Read().Values().Count);
        Assert.Equal(10, Assert.Single(rig.Read(resolution: "1m").RollUps()).Count);
        rig.Write();
        Assert.Equal(10, rig.Read().Values().Count);
        Assert.Equal(10, Assert.Single(rig.Read(resolution: "1m").RollUps()).Count);
        Assert.Equal(10, Assert.Single(rig.Read(resolution: "15m").RollUps()).Count);
    }

    [Fact]
    public void A_crash_between_the_stores_loses_nothing_and_counts_nothing_twice()
    {
        using var copy = new TempDirectory();
        var said = new List<(long AtMs, double Value)>();
        using (var rig = Open())
        {
            Say(rig, said, 200);
            rig.Write();
            Say(rig, said, 100);
            rig.Commit();
            // On its way to the disk, but not there, and a round the history was never told of.
            Say(rig, said, 50);
            rig.Commit(handOver: false);
            foreach (string file in Directory.GetFiles(_folder.Path))
                if (!file.EndsWith("-shm", StringComparison.Ordinal)) File.Copy(file, copy.File(Path.GetFileName(file)));
        }
        using var next = new HistoryRig(copy.Path) { NowMs = said[^1].AtMs + 5000 };
        Say(next, said, 30);
        next.Write();
        Assert.Equal(next.Telemetry.NextLine, next.Keeper.Frontier);
        Assert.Equal(0, next.Keeper.Figures.MissedLines);
        AssertSays(next, said);
    }

    [Fact]
    public void A_round_that_was_withheld_is_read_from_the_telemetry_store()
    {
        using var rig = Open();
        var said = new List<(long AtMs, double Value)>();
        Say(rig, said, 20);
        rig.Write();
        Say(rig, said, 20);
        rig.Commit();
        Say(rig, said, 20);
        rig.Commit(handOver: false);
        Say(rig, said, 20);
        rig.Write();
        AssertSays(rig, said);
        Assert.Equal(rig.Telemetry.NextLine, rig.Keeper.Frontier);
    }

    [Fact]
    public void A_new_history_takes_up_what_the_telemetry_store_still_has()
    {
        var said = new List<(long AtMs, double Value)>();
        using (var rig = Open())
        {
            Say(rig, said, 300);
            rig.Commit(handOver: false);
        }
        using var next = Open(said[^1].AtMs + 1000);
        next.Write();
        AssertSays(next, said);
    }

    [Fact]
    public void Lines_that_are_gone_before_they_were_read_are_counted()
    {
        var said = new List<(long AtMs, double Value)>();
        using (var rig = Open())
        {
            rig.Write();
            Say(rig, [], 25);
            rig.Commit(handOver: false);
            rig.Telemetry.Trim(_ => true, 100, dropped: false);
        }
        using var next = Open();
        next.NowMs += 60_000;
        Say(next, said, 5);
        next.Write();
        AssertSays(next, said);
        Assert.Equal(25, next.Keeper.Figures.MissedLines);
    }

    [Fact]
    public void Late_and_backfilled_readings_go_into_their_own_hour()
    {
        using var rig = Open();
        var said = new List<(long AtMs, double Value)>();
        Say(rig, said, 100);
        rig.Write();
        rig.NowMs += 3 * 3_600_000;
        rig.Write();
        for (int i = 0; i < 30; i++)
        {
            long atMs = HistoryRig.Start + 30_000 * i + 137;
            said.Add((atMs, i + 0.5));
            rig.Say("c1", $$"""{"ts":{{atMs}},"load_t":{{i}}.5}""", flags: ReadingFlags.Backfill);
        }
        rig.Write();
        AssertSays(rig, said);
        rig.NowMs += 1000;
        rig.Write();
        Assert.Equal(2, rig.Count($"SELECT count(*) FROM block WHERE resolution < 2 AND span = {HistoryRig.Start / 1000}"));
        AssertSays(rig, said);
    }

    /// <summary>The same message delivered again has the same time: raw is overwritten; in figures it counts again only if it comes after the first was written.</summary>
    [Fact]
    public void A_repeat_overwrites_itself_and_moves_neither_min_nor_max()
    {
        using var rig = Open();
        rig.Load(rig.NowMs, 3);
        rig.Load(rig.NowMs, 3);
        rig.Load(rig.NowMs + 1000, 5);
        rig.NowMs += 2000;
        rig.Write();
        Assert.Equal(2, rig.Read(resolution: "1m").RollUps()[0].Count);
        rig.Load(rig.NowMs - 1000, 5);
        rig.Write();
        Assert.Equal([3.0, 5.0], rig.Read().Values().Select(v => v.Value));
        var figures = Assert.Single(rig.Read(resolution: "1m").RollUps());
        Assert.Equal((3.0, 5.0, 5.0, 3.0), (figures.Min, figures.Max, figures.Last, figures.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_that_are_not_believed_and_texts_and_other_series_are_not_kept(bool handedOver)
    {
        using var rig = Open();
        if (handedOver) rig.Write();
        rig.Say("c1", $$"""{"ts":{{rig.NowMs}},"load_t":500,"height_m":30,"operator":"op-1"}""");
        rig.Say("c1", $$"""{"ts":{{rig.NowMs + 1000}},"load_t":2}""", ReadingKind.Aggregate);
        var stranger = rig.Site.Directory.Unregistered(Domain.Ledger.LinkKind.Mqtt, "site/s1/crane/c9", "c9", rig.Site.Route("c1").Profile, out _)!;
        rig.Say(stranger, """{"load_t":2}""");
        rig.NowMs += 5000;
        rig.Write();
        var frame = rig.Read("load_t,height_m");
        Assert.Empty(frame.Values(0));
        Assert.Equal(30, Assert.Single(frame.Values(1)).Value);
        Assert.Equal(0, rig.Count("SELECT count(*) FROM name WHERE text IN ('operator', 'c9')"));
        Assert.Equal(1, rig.Count("SELECT sum(rows) FROM block WHERE resolution = 0"));
    }

    [Fact]
    public void A_burst_beyond_the_memory_is_let_go_and_read_again_from_the_disk()
    {
        using var rig = Open();
        rig.Write();
        var said = new List<(long AtMs, double Value)>();
        // Nobody writes the history meanwhile.
        while (rig.Keeper.Intake.FromLine <= 0)
        {
            Say(rig, said, 2000, everyMs: 5);
            rig.Commit();
            Assert.True(said.Count < 600_000, "memory is not bounded");
        }
        rig.Write();
        Assert.Equal(said.Count, rig.Read(resolution: "15m").RollUps().Sum(f => f.Count));
    }

    private HistoryRig Open(long? nowMs = null) => new(_folder.Path) { NowMs = nowMs ?? HistoryRig.Start };

    private static void Say(HistoryRig rig, List<(long AtMs, double Value)> said, int times, int everyMs = 1000)
    {
        for (int i = 0; i < times; i++, rig.NowMs += everyMs)
        {
            said.Add((rig.NowMs, said.Count % 97 / 4.0));
            rig.Load(rig.NowMs, said[^1].Value);
        }
    }

    private static void AssertSays(HistoryRig rig, List<(long AtMs, double Value)> said)
    {
        Assert.Equal(said.Order(), rig.Read().Values());
        Figures.AssertSame(Figures.Naive(said, 60_000), rig.Read(resolution: "1m").RollUps());
        Figures.AssertSame(Figures.Naive(said, 900_000), rig.Read(resolution: "15m").RollUps());
    }
}
