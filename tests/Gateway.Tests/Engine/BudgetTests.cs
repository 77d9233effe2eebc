using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Store;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>The limits of the disk: what goes is the oldest, it is counted exactly and by device, and the file really shrinks.</summary>
public sealed class BudgetTests : IDisposable
{
    private const int Segments = 30, LinesOfSegment = 2_000;

    private readonly TempDirectory _folder = new(), _copy = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public async Task Beyond_the_budget_the_oldest_goes_counted_by_device_and_the_file_shrinks()
    {
        Fill(TestSite.Ten);
        long before = new FileInfo(_folder.File(TelemetryStore.Name)).Length;
        using (var rig = Start(budgetMiB: 2))
        {
            for (int i = 0; i < 20; i++) await rig.PassAsync(2);
            Assert.True(rig.Stage.Telemetry.FileBytes < 2 * 1024 * 1024, $"{rig.Stage.Telemetry} {string.Join(" ", Directory.GetFiles(_folder.Path).Select(f => (Path.GetFileName(f), new FileInfo(f).Length)))} {JournalCheck.Count(rig.Options.TelemetryPath, "PRAGMA freelist_count")}");
            Assert.Null(rig.Stage.StoreFault);
        }
        Assert.True(before > 4 * 1024 * 1024, $"{before} bytes are no test");
        Assert.InRange(new FileInfo(_folder.File(TelemetryStore.Name)).Length, 1, 2 * 1024 * 1024);
        CheckGaps(_folder.File(StateStore.Name), "budget");
    }

    [Fact]
    public async Task What_is_too_old_goes()
    {
        Fill(TestSite.Ten - 31 * 86_400_000L);
        using var rig = Start(budgetMiB: 1_000);
        for (int i = 0; i < 5; i++) await rig.PassAsync(2);
        Assert.Empty(rig.Lines());
        Assert.Equal(Segments * LinesOfSegment, rig.Stage.Telemetry.DroppedLines);
        Assert.Equal(Segments * LinesOfSegment, CheckGaps(rig.Options.StatePath, "age"));
    }

    /// <summary>The gap is journalled, the power goes, the lines are still there: they are deleted at the next start and not counted again. At every commit in between.</summary>
    [Fact]
    public async Task A_crash_at_any_moment_of_a_trim_counts_no_line_twice_and_forgets_none()
    {
        Fill(TestSite.Ten);
        using var rig = Start(budgetMiB: 2);
        var disks = new List<TempDirectory>();
        for (int i = 0; i < 20; i++)
        {
            var disk = new TempDirectory();
            // On the engine's own thread, in the middle of a commit: what is on disk then is what the commits before left.
            await rig.Stage.WriteAsync((_, _) => rig.CopyDisk(disk.Path));
            disks.Add(disk);
            if (i % 4 == 3) _clock.Advance(TimeSpan.FromSeconds(1));
        }
        int between = 0;
        foreach (var disk in disks)
        {
            using var _ = disk;
            bool journalled = JournalCheck.Count(disk.File(StateStore.Name), "SELECT count(*) FROM journal WHERE kind = 'gap'") > 0;
            bool deleted = JournalCheck.Count(disk.File(TelemetryStore.Name), "SELECT coalesce(min(first_line), 0) FROM segment") > 0;
            if (journalled && !deleted) between++;
            using (var next = new StageRig(disk.Path, _clock, telemetryMiBMax: 2))
            {
                next.Stage.Start();
                for (int i = 0; i < 8; i++) await next.PassAsync(1);
            }
            long lost = CheckGaps(disk.File(StateStore.Name), "budget");
            Assert.Equal(lost, JournalCheck.Count(disk.File(TelemetryStore.Name), "SELECT min(first_line) FROM segment"));
            Assert.Equal(lost, JournalCheck.Count(disk.File(TelemetryStore.Name), "SELECT value FROM meta WHERE key = 'dropped_lines'"));
        }
        Assert.True(between > 0, "no copy was taken between the two");
    }

    [Fact]
    public async Task Lines_that_stay_are_compressed_and_read_back_as_they_were()
    {
        Fill(TestSite.Ten - 100_000);
        var before = StageRig.LinesOf(_folder.File(TelemetryStore.Name));
        using var rig = Start(budgetMiB: 1_000);
        for (int i = 0; i < 2_000 && Forms(rig).Contains(0L); i++) await rig.PassAsync(1);
        Assert.All(Forms(rig), f => Assert.Equal(1, f));
        Assert.Equal(before, rig.Lines());
        long perLine = JournalCheck.Count(rig.Options.TelemetryPath, "SELECT sum(length(body)) / sum(lines) FROM segment");
        Assert.InRange(perLine, 1, 20);

        var some = new List<string>();
        using var reader = new TelemetryReader(rig.Options.TelemetryPath);
        reader.ReadFrom(12_345, (head, body) =>
        {
            some.Add(Encoding.UTF8.GetString(body).Split('\n')[(int)(12_345 - head.FirstLine)]);
            return false;
        });
        Assert.Equal(before[12_345], Assert.Single(some));
    }

    [Fact]
    public void A_run_whose_segments_are_gone_replaces_nothing()
    {
        Fill(TestSite.Ten);
        using var telemetry = TelemetryStore.Open(_folder.File(TelemetryStore.Name));
        telemetry.Trim(_ => true, 1, dropped: false);
        Assert.False(telemetry.TryReplace(new CompressedRun(0, 2 * LinesOfSegment, 1, 2, 10, [1, 2, 3])));
        Assert.Equal(Segments - 1, JournalCheck.Count(_folder.File(TelemetryStore.Name), "SELECT count(*) FROM segment WHERE form = 0"));
    }

    [Theory]
    [InlineData("ALTER TABLE segment DROP COLUMN sum; ALTER TABLE segment DROP COLUMN form; PRAGMA user_version=1")]
    [InlineData("ALTER TABLE segment DROP COLUMN sum; PRAGMA user_version=2")]
    public void A_file_of_an_older_version_is_taken_up(string older)
    {
        Fill(TestSite.Ten);
        string path = _folder.File(TelemetryStore.Name);
        using (var old = Gateway.Store.Sqlite.SqliteDatabase.OpenWriter(path)) old.Execute(older);
        using (var telemetry = TelemetryStore.Open(path)) Assert.Equal(Segments * LinesOfSegment, telemetry.NextLine);
        Assert.Equal(Segments * LinesOfSegment, StageRig.LinesOf(path).Count);
    }

    private static List<long> Forms(StageRig rig)
    {
        using var db = Gateway.Store.Sqlite.SqliteDatabase.OpenReader(rig.Options.TelemetryPath);
        using var rows = db.Prepare("SELECT DISTINCT form FROM segment");
        return rows.All(r => r.Long(0));
    }

    /// <summary>Three of four lines are of c1, one of a device nobody registered; 83 bytes a line.</summary>
    private void Fill(long receivedMs)
    {
        using (var telemetry = TelemetryStore.Open(_folder.File(TelemetryStore.Name)))
            for (int s = 0; s < Segments; s++)
                telemetry.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(s * LinesOfSegment, LinesOfSegment).Select(n => Line(n) + "\n"))), LinesOfSegment, receivedMs + s);
        using var state = StateStore.Open(_folder.File(StateStore.Name));
        state.Commit(() => state.SetMeta("telemetry_frontier", Segments * LinesOfSegment));
    }

    private static string Line(long n) => string.Create(CultureInfo.InvariantCulture, $"crane,site=s1,device={(n % 4 == 3 ? "stranger" : "c1")} load_t={n % 90 / 10.0},wind_mps=3.4 {(TestSite.Ten + n) * 1_000_000}");

    /// <summary>Every gap of the journal: ranges follow each other, the devices' lines add up and are those of the lines that are gone.</summary>
    private static long CheckGaps(string statePath, string reason)
    {
        long next = 0;
        foreach (var (_, _, body) in JournalCheck.Verify(statePath).Where(r => r.Kind == "gap"))
        {
            var gap = JsonDocument.Parse(body).RootElement;
            long from = gap.GetProperty("firstLine").GetInt64(), lines = gap.GetProperty("lines").GetInt64();
            Assert.Equal((next, reason), (from, gap.GetProperty("reason").GetString()));
            var devices = gap.GetProperty("devices").EnumerateArray().ToDictionary(d => d.GetProperty("device").GetString()!, d => d.GetProperty("lines").GetInt64());
            long strangers = Enumerable.Range((int)from, (int)lines).Count(n => n % 4 == 3);
            Assert.Equal((lines - strangers, strangers), (devices["c1"], devices["stranger"]));
            next = from + lines;
        }
        return next;
    }

    private StageRig Start(int budgetMiB)
    {
        var rig = new StageRig(_folder.Path, _clock, telemetryMiBMax: budgetMiB);
        rig.Stage.Start();
        return rig;
    }
}
