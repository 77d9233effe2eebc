using BenchmarkDotNet.Attributes;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;

namespace Gateway.Benchmarks.Micro;

/// <summary>What a message costs between decoding and the disk.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks : IDisposable
{
    private const int Batch = 1_000;

    private readonly DecodedMessage _message = new();
    private readonly IngestBuffer _ingest = new();
    private BenchSite _site = null!;
    private SiteEngine _engine = null!;
    private Sample[] _samples = [];
    private long _nowMs;

    [GlobalSetup]
    public void Setup()
    {
        _site = new BenchSite();
        _nowMs = 1_772_676_000_000;
        _engine = _site.Engine(_nowMs);
        new JsonDecoder(_site.Texts).Decode(_site.Directory.Registered[0], BenchSite.Message, _message);
        _samples = _message.Samples.ToArray();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ingest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "ingest: line, samples, series clock", OperationsPerInvoke = Batch)]
    public int Ingest()
    {
        var devices = _site.Directory.Registered;
        for (int i = 0; i < Batch; i++)
        {
            // Every device speaks at its own millisecond, two a second.
            _message.MeasuredAtMs = ++_nowMs;
            _ingest.TryAppend(devices[i % BenchSite.Devices], _message, ReadingKind.Measurement, ReadingFlags.None, _nowMs);
        }
        var batch = _ingest.Take();
        int bytes = batch.LineBytes;
        _ingest.Return(batch);
        return bytes;
    }

    [Benchmark(Description = "judge: presence and one rule", OperationsPerInvoke = Batch)]
    public int Judge()
    {
        for (int i = 0; i < Batch; i++)
        {
            _nowMs++;
            _engine.Read(new Reading { Device = i % BenchSite.Devices, Kind = ReadingKind.Measurement, MeasuredAtMs = _nowMs, ReceivedAtMs = _nowMs, PointAtUs = _nowMs * 1000 }, _samples);
        }
        int said = _engine.Output.Events.Count;
        _engine.Output.Clear();
        return said;
    }
}
