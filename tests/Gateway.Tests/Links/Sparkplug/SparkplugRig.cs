using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Sparkplug;
using Gateway.Protocols.SparkplugB;
using Gateway.Testing;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>A host with everything it hands things to: two cranes behind node n1, one crane that is a node itself.</summary>
internal sealed class SparkplugRig : IDisposable
{
    private readonly IngestBuffer _ingest;

    public SparkplugRig(SparkplugOptions? options = null, int linesBytesMax = IngestBuffer.DefaultLinesBytesMax)
    {
        var problems = new Problems();
        var profiles = ProfileCatalog.Load([.. Repository.ReadAll("src/Gateway.Service/profiles", ".json"), ("camera.json", Encoding.UTF8.GetBytes(CameraText))], problems);
        Ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(LedgerText), profiles.KindsByProfile, problems)
            ?? throw new InvalidOperationException(string.Join("; ", problems.Items));
        Directory = new DeviceDirectory(Ledger, profiles);
        _ingest = new IngestBuffer(linesBytesMax);
        Host = new SparkplugHost(options ?? new SparkplugOptions(), Directory, Texts, _ingest, Refused, (topic, payload, qos, retain) =>
            Published.Add(new Publication(NowMs, Encoding.UTF8.GetString(topic), payload, qos, retain)));
    }

    public SparkplugHost Host { get; }

    public SiteLedger Ledger { get; }

    public DeviceDirectory Directory { get; }

    public TextTable Texts { get; } = new();

    public RefusedMessages Refused { get; } = new();

    public List<Publication> Published { get; } = [];

    public long NowMs { get; private set; } = TestSite.Ten;

    /// <summary>Topics of the rebirth requests so far.</summary>
    public IEnumerable<string> Rebirths => Published.Where(p => p.Topic.Contains("/NCMD/", StringComparison.Ordinal)).Select(p => p.Topic);

    public SparkplugAnswer Send(TestMessage message, bool retained = false) => Take(message, retained).Answer;

    public SparkplugOutcome Take(TestMessage message, bool retained = false) => Host.Take(Encoding.UTF8.GetBytes(message.Topic), message.Payload, retained, NowMs);

    /// <summary>Sends what must be taken.</summary>
    public void Sends(params IEnumerable<TestMessage> messages)
    {
        foreach (var message in messages) Xunit.Assert.Equal(new SparkplugOutcome(SparkplugAnswer.Taken), Take(message));
    }

    /// <summary>Time passes in ticks of a second.</summary>
    public void Pass(double seconds)
    {
        for (long until = NowMs + (long)(seconds * 1000); NowMs < until;)
        {
            NowMs = Math.Min(until, NowMs + 1_000);
            Host.Tick(NowMs);
        }
    }

    public long CountOf(DecodeOutcome reason) => Refused.All().Where(r => r.Link == SparkplugHost.Name && r.Reason == reason).Sum(r => r.Count);

    /// <summary>Takes all that was ingested since the last call.</summary>
    public Ingested Ingested()
    {
        var batch = _ingest.Take();
        var lines = Encoding.UTF8.GetString(batch.Lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var readings = new List<Seen>();
        foreach (var reading in batch.Readings)
        {
            var fields = RouteOf(reading.Device)?.Profile.Device.Fields;
            readings.Add(new Seen(NameOf(reading.Device), reading.Kind, reading.Flags, reading.MeasuredAtMs, reading.ReceivedAtMs,
                [.. batch.SamplesOf(reading).ToArray().Select(s => new SeenSample(fields?[s.Slot].Name ?? $"{s.Slot}", s.Quality, s.Value))])
            {
                Reading = reading, Raw = batch.SamplesOf(reading).ToArray(),
            });
        }
        var events = batch.Events.Select(e => e with { }).ToList();
        _ingest.Return(batch);
        return new Ingested(readings, [.. lines.Select(l => l[..l.LastIndexOf(' ')])], events, [.. events.Select(e => $"{e.Kind} {NameOf(e.Device)} {e.Cause}".TrimEnd())]);
    }

    public void Dispose() => _ingest.Dispose();

    private DeviceRoute? RouteOf(int index) => index < Directory.Registered.Count ? Directory.Registered[index] : null;

    private string NameOf(int index) => RouteOf(index)?.Id ?? $"stranger{index - Directory.Registered.Count}";

    private const string CameraText = """
        { "id": "camera-sparkplug", "kind": "camera", "title": "t", "life": "heartbeat", "fields": [ { "field": "fps", "sparkplug": "Camera/fps", "min": 0, "max": 100 } ] }
        """;

    private const string LedgerText = """
        { "version": 1, "site": { "id": "s1", "name": "工地" },
          "devices": [
            { "id": "c1", "name": "1# 塔机", "kind": "crane", "profile": "crane-sparkplug", "link": "sparkplug", "sparkplug": "yard/n1/k1", "safety": true, "inService": "2026-01-01" },
            { "id": "c2", "name": "2# 塔机", "kind": "crane", "profile": "crane-sparkplug", "link": "sparkplug", "sparkplug": "yard/n1/k2", "inService": "2026-01-01" },
            { "id": "c3", "name": "3# 塔机", "kind": "crane", "profile": "crane-sparkplug", "link": "sparkplug", "sparkplug": "yard/n2", "inService": "2026-01-01" },
            { "id": "v1", "name": "摄像机", "kind": "camera", "profile": "camera-sparkplug", "link": "sparkplug", "sparkplug": "yard/n3", "inService": "2026-01-01" } ] }
        """;
}

internal sealed record Publication(long AtMs, string Topic, byte[] Payload, int Qos, bool Retain)
{
    public bool IsRebirth => Payload.AsSpan().IndexOf("Node Control/Rebirth"u8) > 0 && Qos == SparkplugRebirth.Qos && !Retain;
}

internal sealed record TestMessage(string Topic, byte[] Payload);

internal sealed record SeenSample(string Field, SampleQuality Quality, double Value);

internal sealed record Seen(string Device, ReadingKind Kind, ReadingFlags Flags, long MeasuredAtMs, long ReceivedAtMs, IReadOnlyList<SeenSample> Samples)
{
    /// <summary>As the engine is given it.</summary>
    public Reading Reading { get; init; }

    public Sample[] Raw { get; init; } = [];

    public double? Good(string field) => Samples.FirstOrDefault(s => s.Field == field && s.Quality == SampleQuality.Good)?.Value;

    public bool AnyGood => Samples.Any(s => s.Quality == SampleQuality.Good);
}

/// <param name="Lines">Without their timestamps.</param>
internal sealed record Ingested(IReadOnlyList<Seen> Readings, IReadOnlyList<string> Lines, IReadOnlyList<LinkEvent> Raw, IReadOnlyList<string> Events);
