using Gateway.Domain.Readings;
using Gateway.History;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>The figures of FORMAT.md: run it, read them, write them down. The limits only catch what has gone badly wrong.</summary>
[Trait("Tier", "long")]
public sealed class HistoryFiguresTests : IDisposable
{
    private const int Devices = 500, Fields = 10;
    private const long DayMs = 86_400_000;

    /// <summary>Decimals and reach of a step of load, rated load, moment, radius, height, slewing, wind, tilt, falls, and a counter.</summary>
    private static readonly (int Decimals, double Step)[] Crane = [(2, 0.3), (0, 0), (1, 2), (2, 0.4), (2, 0.3), (1, 1), (1, 1), (2, 0.03), (0, 0), (0, 0)];

    private readonly ITestOutputHelper _out;
    private readonly TempDirectory _folder = new();
    private readonly Random _random = new(1);
    private readonly IngestBatch _batch = new();
    private readonly TestSite _site;
    private readonly HistoryKeeper _keeper;
    private readonly double[] _last = new double[Fields];

    public HistoryFiguresTests(ITestOutputHelper output)
    {
        _out = output;
        _site = new TestSite(moreDevices: string.Concat(Enumerable.Range(0, Devices).Select(i =>
            $$""", { "id": "x{{i}}", "name": "x", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-01-01" }""")));
        var store = new StoreOptions { Directory = _folder.Path };
        using (TelemetryStore.Open(store.TelemetryPath))
            _keeper = new HistoryKeeper(new HistoryOptions(), store, _site.Directory, NullLogger.Instance, () => { });
        _keeper.Round(TestSite.Ten);
        _keeper.Intake.Take(_batch, 0);
        _keeper.Round(TestSite.Ten);
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _folder.Dispose();
    }

    /// <summary>20 000 messages a second of 10 fields from 500 devices, 100 commits a second. CPU time, not time: what else the machine does is not our cost.</summary>
    [Fact]
    public void What_a_sample_costs_the_engine_and_a_message_the_box()
    {
        const int seconds = 40, commits = 100, messages = 200;
        int first = _site.IndexOf("x0");
        var batches = Enumerable.Range(0, commits).Select(_ => new IngestBatch()).ToArray();
        var (taking, writing) = (TimeSpan.Zero, TimeSpan.Zero);
        for (int second = -10; second < seconds; second++)
        {
            long atMs = TestSite.Ten + second * 1000L;
            for (int i = 0; i < commits * messages; i++)
            {
                if (i % messages == 0) batches[i / messages].Clear();
                Say(batches[i / messages], first + i % Devices, atMs * 1000 + i * 40L);
            }
            var before = Environment.CpuUsage.TotalTime;
            foreach (var batch in batches) _keeper.Intake.Take(batch, 0);
            var taken = Environment.CpuUsage.TotalTime;
            _keeper.Round(atMs);
            var written = Environment.CpuUsage.TotalTime;
            if (second < 0) continue;
            taking += taken - before;
            writing += written - taken;
        }
        double all = (double)seconds * commits * messages, perSample = taking.TotalNanoseconds / all / Fields;
        _out.WriteLine($"on the engine's thread {perSample:F1} ns a sample; on the history's {writing.TotalSeconds / all * 1e6:F2} CPU s a million messages of {Fields} fields; file {_keeper.Figures.FileBytes / 1e6:F1} MB for {all * Fields / 1e6:F1} M samples");
        Assert.InRange(perSample, 0, 100);
    }

    [Fact]
    public void What_a_day_of_a_crane_takes()
    {
        Keep(_site.IndexOf("x0"), everyMs: 1000, days: 1, writeMs: 20_000);
        Report("crane, 1/s, 10 fields, one day");
        Assert.InRange(Bytes(0) / (86_400.0 * Fields), 0, 2);
    }

    [Fact]
    public void What_a_day_of_a_slow_device_takes()
    {
        Keep(_site.IndexOf("x0"), everyMs: 60_000, days: 1, writeMs: 60_000);
        Report("one message a minute, 10 fields, one day");
        Assert.InRange(Bytes(0) / (1440.0 * Fields), 0, 8);
    }

    [Fact]
    public void What_ninety_days_take_to_read()
    {
        Keep(_site.IndexOf("x0"), everyMs: 30_000, days: 90, writeMs: 3_600_000);
        using var reader = new HistoryReader(_keeper, _site.Directory, new HistoryOptions());
        long nowMs = TestSite.Ten + 90 * DayMs;
        string[] fields = ["load_t", "moment_pct", "radius_m", "height_m", "wind_mps"];
        foreach (string? resolution in (string?[])["15m", "1m", null])
        {
            var query = new HistoryQuery(_site.IndexOf("x0"), fields, TestSite.Ten, nowMs, resolution is null ? 1_000 : 10_000, resolution);
            HistoryFrame frame = reader.Read(query, nowMs);
            for (int i = 0; i < 10; i++) reader.Read(query, nowMs);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < 10; i++) frame = reader.Read(query, nowMs);
            _out.WriteLine($"90 days, 5 fields, {resolution ?? "auto"}: {frame.Rows} rows of {frame.StepMs / 60000} min in {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / 10:F1} ms of CPU, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / 10 / 1024} KiB allocated");
            Assert.InRange(frame.Rows, 100, 10_000);
        }
    }

    private void Keep(int device, int everyMs, int days, int writeMs)
    {
        long endMs = TestSite.Ten + days * DayMs;
        for (long atMs = TestSite.Ten, writtenMs = atMs; atMs < endMs; atMs += everyMs)
        {
            _batch.Clear();
            Say(_batch, device, (atMs + _random.Next(20)) * 1000);
            _keeper.Intake.Take(_batch, 0);
            if (atMs - writtenMs < writeMs) continue;
            writtenMs = atMs;
            _keeper.Round(atMs);
        }
        while (_keeper.Round(endMs + DayMs / 4, all: true))
        {
        }
    }

    private void Report(string what)
    {
        double rawRows = Sum("rows", 0), minuteRows = Sum("rows", 1), quarterRows = Sum("rows", 2);
        _out.WriteLine($"{what}: raw {Bytes(0) / rawRows / Fields:F2} bytes a sample, 1 min {Bytes(1) / minuteRows:F1} bytes a row, 15 min {Bytes(2) / quarterRows:F1} bytes a row; blocks of a day {(Bytes(0) + Bytes(1) + Bytes(2)) / 1024:F0} KiB; "
            + $"50 devices: raw of a day and figures of 90 days {50 * (Bytes(0) + 90 * (Bytes(1) + Bytes(2))) / 1048576:F0} MiB");
    }

    private double Bytes(int resolution) => Sum("length(body)", resolution);

    private double Sum(string what, int resolution)
    {
        using var db = Gateway.Store.Sqlite.SqliteDatabase.OpenReader(_keeper.FilePath);
        return db.ReadLong($"SELECT sum({what}) FROM block WHERE resolution = {resolution}");
    }

    private void Say(IngestBatch batch, int device, long atUs)
    {
        Span<Sample> samples = stackalloc Sample[Fields];
        for (int i = 0; i < Fields; i++)
        {
            var (decimals, step) = Crane[i];
            // A machine rests more than it moves; the counter counts.
            if (i == Fields - 1) _last[i]++;
            else if (step > 0 && _random.Next(3) == 0) _last[i] += (_random.NextDouble() * 2 - 1) * step;
            samples[i] = new Sample((ushort)((i + 1) % Fields), SampleQuality.Good, Math.Round(_last[i], decimals));
        }
        batch.Add(new Reading { Device = device, PointAtUs = atUs }, samples);
    }
}
