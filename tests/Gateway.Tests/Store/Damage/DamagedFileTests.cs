using System.Text.Json;
using Gateway.Store;
using Gateway.Store.Damage;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Gateway.Tests.Engine;
using Gateway.Uplink.Sending;
using Xunit;

namespace Gateway.Tests.Store.Damage;

/// <summary>Files that are wrong in every way a disk, a power cut or a person makes them wrong: the gateway starts, keeps what can be read, says what cannot, goes on.</summary>
[Trait("Load", "cpu")]
public sealed class DamagedFileTests : IClassFixture<DamagedFileTests.Made>
{
    private const int PageBytes = 4096;

    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten + 10_000));
    private readonly CrashedStore _store;

    public DamagedFileTests(Made made) => _store = made.Store;

    [Theory]
    [InlineData(TelemetryStore.Name)]
    [InlineData(StateStore.Name)]
    public async Task Cut_off_at_any_page_it_starts_and_goes_on(string name)
    {
        for (long length = 0; length < _store.Length(name); length += PageBytes)
        {
            using var folder = _store.Copy();
            using (var file = new FileStream(folder.File(name), FileMode.Open)) file.SetLength(length);
            await GoesOnAsync(folder, $"{name} cut at {length}");
        }
    }

    [Theory]
    [InlineData(TelemetryStore.Name)]
    [InlineData(StateStore.Name)]
    public async Task Overwritten_at_any_page_it_starts_and_goes_on(string name)
    {
        var random = new Random(20260101);
        byte[] noise = new byte[PageBytes];
        for (long at = 0; at < _store.Length(name); at += PageBytes)
        {
            using var folder = _store.Copy();
            random.NextBytes(noise);
            using (var file = new FileStream(folder.File(name), FileMode.Open))
            {
                file.Position = at;
                file.Write(noise);
            }
            await GoesOnAsync(folder, $"{name} overwritten at {at}");
        }
    }

    [Fact]
    public async Task One_torn_page_of_telemetry_costs_what_stood_on_it_and_no_more()
    {
        using var folder = _store.Copy();
        // The middle of the file: a page with lines of a segment or two.
        Overwrite(folder.File(TelemetryStore.Name), _store.Length(TelemetryStore.Name) / 2 / PageBytes * PageBytes);
        var (lines, gaps) = await GoesOnAsync(folder, "torn");
        long missing = gaps.Sum(g => g.Lines);
        Assert.InRange(missing, 1, 4 * CrashedStore.LinesOfSegment);
        Assert.Equal(CrashedStore.Lines - missing, lines);
        Assert.All(gaps, g => Assert.Equal("damage", g.Reason));
    }

    [Fact]
    public async Task One_changed_digit_of_a_line_costs_its_segment_and_is_never_another_line()
    {
        using var folder = _store.Copy();
        string path = folder.File(TelemetryStore.Name);
        byte[] file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        // The middle of the file, in the value of some field: the page and the line stay well formed.
        int at = file.AsSpan(file.Length / 2).IndexOf("load_t="u8) + file.Length / 2 + "load_t=".Length;
        Assert.InRange(file[at], (byte)'0', (byte)'9');
        file[at] = (byte)(file[at] == '9' ? '1' : file[at] + 1);
        await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
        var (lines, gaps) = await GoesOnAsync(folder, "changed digit");
        Assert.Equal(CrashedStore.LinesOfSegment, Assert.Single(gaps).Lines);
        Assert.Equal(CrashedStore.Lines - CrashedStore.LinesOfSegment, lines);
    }

    [Fact]
    public async Task What_nobody_has_settled_is_missed_from_the_first_line_on()
    {
        using var folder = _store.Copy();
        using (var telemetry = TelemetryStore.Open(folder.File(TelemetryStore.Name))) telemetry.Trim(s => s.EndLine <= 3 * CrashedStore.LinesOfSegment, most: 10, dropped: false);
        File.WriteAllText(folder.File(TelemetryStore.Name + "-wal"), "this is no WAL");
        var (_, gaps) = await GoesOnAsync(folder, "first lines");
        Assert.Equal((0, 3 * CrashedStore.LinesOfSegment, "damage"), Assert.Single(gaps));
    }

    [Fact]
    public async Task A_file_whose_first_page_is_gone_keeps_every_row()
    {
        using var folder = _store.Copy();
        Overwrite(folder.File(TelemetryStore.Name), 0);
        Overwrite(folder.File(StateStore.Name), 0);
        var (lines, _) = await GoesOnAsync(folder, "heads");
        Assert.Equal(CrashedStore.Lines, lines);
        Assert.Equal(1, JournalCheck.Count(folder.File(StateStore.Name), "SELECT count(*) FROM account WHERE name = 'li'"));
        Assert.True(JournalCheck.Verify(folder.File(StateStore.Name)).Count > CrashedStore.JournalRows);
    }

    [Theory]
    [InlineData("foreign")]
    [InlineData("other-database")]
    [InlineData("directory")]
    [InlineData("wal-alone")]
    [InlineData("empty-with-wal")]
    [InlineData("no-wal")]
    public async Task What_stands_in_the_place_of_a_file_is_moved_aside(string what)
    {
        foreach (string name in (string[])[TelemetryStore.Name, StateStore.Name])
        {
            using var folder = _store.Copy();
            string path = folder.File(name);
            switch (what)
            {
                case "foreign": File.WriteAllText(path, string.Concat(Enumerable.Repeat("not a database\n", 1_000))); break;
                case "other-database":
                    File.Delete(path);
                    using (var other = SqliteDatabase.OpenWriter(path)) other.Execute("CREATE TABLE somebody_elses(x)");
                    break;
                case "directory":
                    File.Delete(path);
                    Directory.CreateDirectory(path);
                    break;
                case "wal-alone": File.Move(path, path + "-wal"); break;
                case "empty-with-wal":
                    File.Move(path, path + "-wal");
                    File.WriteAllText(path, "");
                    break;
                default: File.WriteAllText(path + "-wal", string.Concat(Enumerable.Repeat("no WAL\n", 1_000))); break;
            }
            var (lines, _) = await GoesOnAsync(folder, $"{name} {what}");
            if (what == "no-wal") Assert.Equal(CrashedStore.Lines, lines);
            string moved = Assert.Single(Directory.GetDirectories(folder.File(DamageFolder.Root)));
            Assert.StartsWith($"{name}-20260305T0200", Path.GetFileName(moved), StringComparison.Ordinal);
            string report = await File.ReadAllTextAsync(Path.Combine(moved, DamageReport.Name), TestContext.Current.CancellationToken);
            Assert.Contains("已恢复", report, StringComparison.Ordinal);
            Assert.Contains("recovered", report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_telemetry_file_that_is_gone_is_missed_and_numbers_go_on_beyond_it()
    {
        using var folder = _store.Copy();
        File.Delete(folder.File(TelemetryStore.Name));
        var (lines, gaps) = await GoesOnAsync(folder, "gone");
        Assert.Equal(0, lines);
        // The target has answered for the first segment, but settled it has nothing: all of it may be missing.
        Assert.Equal((0, CrashedStore.Lines), (Assert.Single(gaps).FirstLine, gaps[0].Lines));
    }

    [Theory]
    [InlineData(70, 70)]
    [InlineData(-10, 0)]
    public async Task What_was_committed_behind_the_frontier_is_missed_too_where_the_mark_tells_it(long beyond, long counted)
    {
        using var folder = _store.Copy();
        File.Delete(folder.File(TelemetryStore.Name));
        using (var mark = new CommittedMark(folder.File("telemetry.mark"))) mark.Write(CrashedStore.Lines + beyond);
        var (_, gaps) = await GoesOnAsync(folder, "gone");
        Assert.Equal((0, CrashedStore.Lines + counted), (Assert.Single(gaps).FirstLine, gaps[0].Lines));
    }

    [Fact]
    public void A_mark_that_is_none_says_nothing()
    {
        using var folder = new TempDirectory();
        using var mark = new CommittedMark(folder.File("telemetry.mark"));
        Assert.Equal(0, mark.Read());
        File.WriteAllText(folder.File("telemetry.mark"), "sixteen bytes or");
        Assert.Equal(0, mark.Read());
        mark.Write(4711);
        Assert.Equal(4711, mark.Read());
    }

    [Theory]
    [InlineData(TelemetryStore.Name)]
    [InlineData(StateStore.Name)]
    public async Task A_recovery_that_was_cut_short_is_made_again_from_what_was_moved_aside(string name)
    {
        using var folder = _store.Copy();
        DamageFolder.Take(folder.File(name), DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));
        if (name == TelemetryStore.Name) TelemetryStore.Open(folder.File(name)).Dispose();
        else StateStore.Open(folder.File(name)).Dispose();
        var (lines, gaps) = await GoesOnAsync(folder, "cut short");
        Assert.Equal(CrashedStore.Lines, lines);
        Assert.Empty(gaps);
        Assert.True(JournalCheck.Count(folder.File(StateStore.Name), "SELECT count(*) FROM journal") > CrashedStore.JournalRows);
        Assert.Null(DamageFolder.Unfinished(folder.File(name)));
    }

    [Fact]
    public async Task After_an_orderly_end_nobody_looks_through_the_files_and_after_another_somebody_does()
    {
        using var folder = _store.Copy();
        // Damage that no commit meets: the middle of the telemetry, long settled.
        using (var rig = new StageRig(folder.Path, _clock))
        {
            rig.Stage.Start();
            await rig.SettledAsync();
        }
        Overwrite(folder.File(TelemetryStore.Name), _store.Length(TelemetryStore.Name) / 2 / PageBytes * PageBytes);
        using (var rig = new StageRig(folder.Path, _clock))
        {
            rig.Stage.Start();
            rig.Stage.WaitForCheck();
            Assert.Null(StoreFiles.Suspicion(rig.Options.TelemetryPath));
        }
    }

    [Fact]
    public async Task Damage_met_while_it_runs_is_recovered_while_it_runs_and_readers_go_on()
    {
        using var folder = _store.Copy();
        using var rig = new StageRig(folder.Path, _clock, targets: ["t"]);
        using var telemetry = new TelemetryLaneSource(rig.Options.TelemetryPath);
        using var state = new StateReader(rig.Options.StatePath);
        rig.Stage.Start();
        rig.Stage.WaitForCheck();
        rig.Say("c1", """{"seq":1,"moment_pct":104}""");
        await rig.SettledAsync();
        string alarm = JsonDocument.Parse(state.Alarms(true, long.MaxValue, 10).Bodies.Single(b => Says(b, "crane-moment-alarm"))).RootElement.GetProperty("id").GetString()!;
        long seq = JournalCheck.Count(rig.Options.StatePath, "SELECT max(seq) FROM journal");
        foreach (string path in (string[])[rig.Options.TelemetryPath, rig.Options.StatePath]) StoreFiles.Suspect(path, "somebody met damage");
        await rig.PassAsync(2);
        rig.Say("c1", """{"seq":2,"load_t":1}""");
        await rig.SettledAsync();

        Assert.Equal(2, Directory.GetDirectories(folder.File(DamageFolder.Root)).Length);
        Assert.Contains("\"seq\":2", System.Text.Encoding.UTF8.GetString(telemetry.Read(CrashedStore.Lines + 1, 10).Lines.Span).Replace("seq=2i", "\"seq\":2", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotNull(state.Alarm(alarm));
        Assert.True(JournalCheck.Count(rig.Options.StatePath, "SELECT min(seq) FROM journal WHERE kind = 'damage'") > seq);
        Assert.Equal(CrashedStore.Lines + 2, rig.Lines().Count);
        Assert.Null(rig.Fault);
    }

    [Fact]
    public void Folders_of_damage_are_bounded_in_number_and_size_and_the_newest_stays()
    {
        using var folder = new TempDirectory();
        for (int i = 0; i < 7; i++)
        {
            File.WriteAllText(folder.File("x.db"), new string('x', 1_000));
            DamageFolder.Take(folder.File("x.db"), DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten + 1_000 * i));
        }
        Assert.Equal(2, DamageFolder.Bound(folder.Path, foldersMax: 5).Count);
        Assert.Equal(3, DamageFolder.Bound(folder.Path, foldersMax: 5, bytesMax: 2_500).Count);
        Assert.Single(DamageFolder.Bound(folder.Path, foldersMax: 5, bytesMax: 10));
        Assert.Equal("x.db-20260305T020006Z", Path.GetFileName(Assert.Single(Directory.GetDirectories(folder.File(DamageFolder.Root)))));
    }

    /// <summary>Starts on the folder, lets the look through the files end, says something, and checks what must hold after any damage.</summary>
    /// <returns>Old lines that are still there, and the gaps that were recorded.</returns>
    private async Task<(int Lines, IReadOnlyList<(long FirstLine, long Lines, string Reason)> Gaps)> GoesOnAsync(TempDirectory folder, string what)
    {
        int damagesBefore = 0;
        using var rig = new StageRig(folder.Path, _clock, targets: ["t"]);
        rig.Stage.Start();
        rig.Stage.WaitForCheck();
        await rig.PassAsync(2);
        rig.Say("c1", """{"seq":7777,"load_t":1}""");
        await rig.SettledAsync();
        Assert.True(rig.Fault is null && rig.Stage.StoreFault is null, $"{what}: {rig.Fault} {rig.Stage.StoreFault}");

        var heads = new List<(long First, string[] Lines)>();
        using (var reader = new TelemetryReader(rig.Options.TelemetryPath))
            reader.ReadFrom(0, (head, body) =>
            {
                heads.Add((head.FirstLine, System.Text.Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
                return true;
            });
        Assert.Null(StoreFiles.Suspicion(rig.Options.TelemetryPath));
        var last = heads[^1];
        Assert.True(last.First >= CrashedStore.Lines && last.Lines.Single().Contains("seq=7777", StringComparison.Ordinal), $"{what}: the new line has number {last.First}");
        int old = 0;
        foreach (var (first, lines) in heads.SkipLast(1))
        {
            old += lines.Length;
            Assert.Equal(0, first % CrashedStore.LinesOfSegment);
            Assert.Equal(0, lines.Length % CrashedStore.LinesOfSegment);
            Assert.Equal(Enumerable.Range((int)first, lines.Length).Select(n => CrashedStore.LineOf(n)), lines);
        }
        using var state = SqliteDatabase.OpenReader(rig.Options.StatePath);
        using var rows = state.Prepare("SELECT kind, CAST(body AS TEXT), seq FROM journal ORDER BY seq");
        var journal = rows.All(r => (Kind: r.Text(0), Body: r.Text(1), Seq: r.Long(2)));
        var gaps = journal.Where(r => r.Kind == "gap").Select(r => JsonDocument.Parse(r.Body).RootElement).Select(g => (g.GetProperty("firstLine").GetInt64(), g.GetProperty("lines").GetInt64(), g.GetProperty("reason").GetString()!)).ToList();
        if (Directory.Exists(folder.File(DamageFolder.Root))) damagesBefore = Directory.GetDirectories(folder.File(DamageFolder.Root)).Length;
        Assert.True(journal.Count(r => r.Kind == "damage") >= Math.Min(1, damagesBefore), $"{what}: nothing in the journal");
        Assert.Contains(journal, r => r.Kind == "boot");
        if (damagesBefore > 0) Assert.Contains(rig.Site.Rules, r => r.Id == "store-damaged");
        if (damagesBefore > 0) Assert.Contains(journal, r => r.Kind == "alarm" && r.Body.Contains("store-damaged", StringComparison.Ordinal));
        return (old, gaps);
    }

    private static void Overwrite(string path, long at)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = at;
        byte[] noise = new byte[PageBytes];
        new Random(1).NextBytes(noise);
        file.Write(noise);
    }

    private static bool Says(byte[] body, string word) => System.Text.Encoding.UTF8.GetString(body).Contains(word, StringComparison.Ordinal);

    public sealed class Made : IDisposable
    {
        internal CrashedStore Store { get; } = new();

        public void Dispose() => Store.Dispose();
    }
}
