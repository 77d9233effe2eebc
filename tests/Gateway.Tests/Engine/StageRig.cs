using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>The path from a decoded message to the disk, in process: a real store in a folder, time moved by hand.</summary>
internal sealed class StageRig : IDisposable
{
    private readonly JsonDecoder _decoder;
    private readonly DecodedMessage _message = new();

    public StageRig(string folder, FakeClock clock, string[]? targets = null, int telemetryMiBMax = 1024, string moreDevices = "", IRoundStore? beside = null, int reserveMiB = 0)
    {
        Site = new TestSite(moreDevices: moreDevices);
        Clock = clock;
        Options = new StoreOptions { Directory = folder, CommitLingerMs = 0, TelemetryMiBMax = telemetryMiBMax, FreeMiBMin = 0, ReserveMiB = reserveMiB };
        Uplink = new UplinkLedger(targets ?? []);
        Stage = new EngineStage(Site.Ledger, Site.Directory, Site.Rules, Site.Texts, Ingest, new GatewayClock(clock), Options, Uplink,
            new EngineIdentity(TestSite.GatewayId, "0", "l", "r", 60), NullLogger<EngineStage>.Instance, beside);
        Stage.Published += t => { lock (Published) Published.Add(t); };
        Stage.Faulted += fault => Fault = fault;
        _decoder = new JsonDecoder(Site.Texts);
        Stage.Recover();
    }

    public TestSite Site { get; }

    public IngestBuffer Ingest { get; } = new();

    public FakeClock Clock { get; }

    public StoreOptions Options { get; }

    public UplinkLedger Uplink { get; }

    public EngineStage Stage { get; }

    public List<PublishedTransition> Published { get; } = [];

    public Exception? Fault { get; private set; }

    /// <summary>As a link does it: decode, append.</summary>
    public void Say(string device, string json, IAcknowledge? sink = null, long token = 0, ReadingKind kind = ReadingKind.Measurement)
    {
        var route = Site.Route(device);
        Assert.Equal(DecodeOutcome.Decoded, _decoder.Decode(route, Encoding.UTF8.GetBytes(json), _message, kind));
        Assert.True(Ingest.TryAppend(route, _message, kind, ReadingFlags.None, Clock.NowMs, sink, token));
    }

    /// <summary>False when the links would have to wait.</summary>
    public bool TrySay(string device, string json)
    {
        var route = Site.Route(device);
        Assert.Equal(DecodeOutcome.Decoded, _decoder.Decode(route, Encoding.UTF8.GetBytes(json), _message, ReadingKind.Measurement));
        return Ingest.TryAppend(route, _message, ReadingKind.Measurement, ReadingFlags.None, Clock.NowMs);
    }

    /// <summary>Completes when everything said so far is judged, on disk and acknowledged.</summary>
    public async Task SettledAsync()
    {
        // The first commit carries what was said; when the second is done, the acknowledgements of the first are too.
        for (int i = 0; i < 2; i++) await Stage.WriteAsync((_, _) => { }).WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task PassAsync(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        await SettledAsync();
    }

    /// <summary>Every step of an alarm that was published, in order.</summary>
    public List<AlarmView> PublishedAlarms()
    {
        lock (Published) return [.. Published.Where(t => t.Kind == "alarm").Select(t => System.Text.Json.JsonSerializer.Deserialize(t.Body, ViewJson.Default.AlarmView)!)];
    }

    /// <summary>All lines on disk, in order.</summary>
    public List<string> Lines() => LinesOf(Options.TelemetryPath);

    public static List<string> LinesOf(string path)
    {
        var lines = new List<string>();
        using var reader = new TelemetryReader(path);
        reader.ReadFrom(0, (_, body) =>
        {
            lines.AddRange(Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return true;
        });
        return lines;
    }

    /// <summary>What the disk holds at this moment, as after a power cut.</summary>
    public void CopyDisk(string to)
    {
        foreach (string file in Directory.GetFiles(Options.Directory))
            if (!file.EndsWith("-shm", StringComparison.Ordinal)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    public void Dispose()
    {
        Stage.Dispose();
        Ingest.Dispose();
    }
}

/// <summary>Looks at the disk at the very moment of each acknowledgement.</summary>
internal sealed class WitnessSink(string telemetryPath) : IAcknowledge
{
    public List<(long Token, int LinesOnDisk)> Acks { get; } = [];

    public int Flushes { get; private set; }

    public bool Committed(long token)
    {
        Acks.Add((token, StageRig.LinesOf(telemetryPath).Count));
        return true;
    }

    public void Flush() => Flushes++;
}
