using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Store;

namespace Gateway.Benchmarks.Micro;

/// <summary>A synced commit, by how many lines share it; and what compressing them costs.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
    private readonly MemoryStream _compressed = new();
    private byte[] _lines = [];
    private TelemetryStore _store = null!;

    [Params(5, 500, 5_000)]
    public int Lines { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var site = new BenchSite();
        var message = new DecodedMessage();
        var decoder = new JsonDecoder(site.Texts);
        using var ingest = new IngestBuffer();
        long nowMs = 1_772_676_000_000;
        for (int i = 0; i < Lines; i++)
        {
            var route = site.Directory.Registered[i % BenchSite.Devices];
            decoder.Decode(route, BenchSite.Message, message);
            message.MeasuredAtMs = ++nowMs;
            ingest.TryAppend(route, message, ReadingKind.Measurement, ReadingFlags.None, nowMs);
        }
        _lines = ingest.Take().Lines.ToArray();
        _store = TelemetryStore.Open(Path.Combine(_folder, $"{Lines}.db"));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        _compressed.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "commit, synced")]
    public long Commit()
    {
        _store.Append(_lines, Lines, 1_772_676_000_000);
        return _store.NextLine;
    }

    [Benchmark(Description = "gzip, fastest")]
    public long Compress()
    {
        _compressed.SetLength(0);
        using (var gzip = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(_lines);
        return _compressed.Length;
    }
}
