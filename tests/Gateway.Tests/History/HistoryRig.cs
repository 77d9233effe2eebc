using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.History;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>From a decoded message to an answered question, in one thread and with time moved by hand.</summary>
internal sealed class HistoryRig : IDisposable
{
    /// <summary>2026-03-05 02:00 UTC, the start of an hour and of a quarter.</summary>
    public static long Start { get; } = TestSite.Ten;

    private readonly DecodedMessage _message = new();
    private readonly IngestBuffer _ingest = new();
    private readonly JsonDecoder _decoder;
    private readonly HistoryReader _reader;

    public HistoryRig(string folder, HistoryOptions? options = null)
    {
        Options = options ?? new HistoryOptions();
        Store = new StoreOptions { Directory = folder };
        Telemetry = TelemetryStore.Open(Store.TelemetryPath);
        Keeper = new HistoryKeeper(Options, Store, Site.Directory, NullLogger.Instance, () => { });
        Keeper.Damaged += Damages.Add;
        _reader = new HistoryReader(Keeper, Site.Directory, Options);
        _decoder = new JsonDecoder(Site.Texts);
    }

    public TestSite Site { get; } = new();

    public HistoryOptions Options { get; }

    public StoreOptions Store { get; }

    public TelemetryStore Telemetry { get; }

    public HistoryKeeper Keeper { get; }

    public List<string> Damages { get; } = [];

    public long NowMs { get; set; } = Start;

    public string FilePath => Path.Combine(Store.Directory, HistoryOptions.FileName);

    /// <summary>A crane says its load, and when.</summary>
    public void Load(long atMs, double load, string device = "c1") => Say(device, string.Create(CultureInfo.InvariantCulture, $$"""{"ts":{{atMs}},"load_t":{{load}}}"""));

    public void Say(string device, string json, ReadingKind kind = ReadingKind.Measurement, ReadingFlags flags = ReadingFlags.None) => Say(Site.Route(device), json, kind, flags);

    public void Say(DeviceRoute route, string json, ReadingKind kind = ReadingKind.Measurement, ReadingFlags flags = ReadingFlags.None)
    {
        Assert.Equal(DecodeOutcome.Decoded, _decoder.Decode(route, Encoding.UTF8.GetBytes(json), _message, kind));
        Assert.True(_ingest.TryAppend(route, _message, kind, flags, NowMs, prefix: kind == ReadingKind.Aggregate ? route.MinutePrefix : null));
    }

    /// <summary>A round of the engine: the lines onto the disk, then the readings to the history.</summary>
    /// <param name="handOver">False: the process died in between, or a round was withheld.</param>
    public void Commit(bool handOver = true)
    {
        var batch = _ingest.Take();
        if (batch.LineCount > 0) Telemetry.Append(batch.Lines, batch.LineCount, NowMs);
        if (handOver) Keeper.Intake.Take(batch, Telemetry.NextLine);
        _ingest.Return(batch);
    }

    /// <summary>Rounds of the history until nothing is left to do; the file takes up what is open.</summary>
    public void Write()
    {
        Commit();
        int rounds = 0;
        while (Keeper.Round(NowMs, all: true)) Assert.True(++rounds < 1000, "the history never comes to rest");
    }

    public HistoryFrame Read(string fields = "load_t", long fromMs = 0, long toMs = long.MaxValue, int points = HistoryQuery.PointsMax, string? resolution = "raw", string device = "c1") =>
        _reader.Read(new HistoryQuery(Site.IndexOf(device), fields.Split(','), fromMs == 0 ? Start : fromMs, toMs == long.MaxValue ? NowMs + 1 : toMs, points, resolution), NowMs);

    public long Count(string sql)
    {
        using var db = SqliteDatabase.OpenReader(FilePath);
        return db.ReadLong(sql);
    }

    public void Dispose()
    {
        _reader.Dispose();
        Keeper.Dispose();
        Telemetry.Dispose();
        _ingest.Dispose();
    }
}

internal static class FrameRows
{
    /// <summary>Times and values of the rows that are no gaps.</summary>
    public static List<(long AtMs, double Value)> Values(this HistoryFrame frame, int field = 0)
    {
        var rows = new List<(long, double)>();
        for (int row = 0; row < frame.Rows; row++)
            if (!double.IsNaN(frame.Fields[field].Last(row))) rows.Add((frame.TimesMs[row], frame.Fields[field].Last(row)));
        return rows;
    }

    public static List<Figures> RollUps(this HistoryFrame frame, int field = 0)
    {
        var rows = new List<Figures>();
        var f = frame.Fields[field];
        for (int row = 0; row < frame.Rows; row++)
            if (f.Count(row) > 0) rows.Add(new Figures(frame.TimesMs[row], f.Min(row), f.Mean(row), f.Max(row), f.Last(row), f.Count(row)));
        return rows;
    }
}

internal sealed record Figures(long AtMs, double Min, double Mean, double Max, double Last, double Count)
{
    /// <summary>The plain way: all readings of each interval.</summary>
    public static List<Figures> Naive(IEnumerable<(long AtMs, double Value)> readings, long stepMs) =>
        [.. readings.OrderBy(r => r.AtMs).GroupBy(r => r.AtMs / stepMs * stepMs).Select(g => new Figures(g.Key, g.Min(r => r.Value), g.Average(r => r.Value), g.Max(r => r.Value), g.Last().Value, g.Count()))];

    public static void AssertSame(List<Figures> expected, List<Figures> seen)
    {
        Assert.Equal(expected.Select(f => f with { Mean = 0 }), seen.Select(f => f with { Mean = 0 }));
        Assert.All(expected.Zip(seen), p => Assert.Equal(p.First.Mean, p.Second.Mean, 9));
    }
}
