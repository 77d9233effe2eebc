using System.Globalization;
using System.Text;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.BlackBoxes;
using Gateway.Links.Frames;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Links.BlackBoxes;

/// <summary>Conversations without a wire: the test is the boxes; commits and time come when it says so.</summary>
internal sealed class BoxRig : IDisposable
{
    public BoxRig(string devices = "", int linesBytesMax = IngestBuffer.DefaultLinesBytesMax, DateTime? civil = null)
    {
        Clock = new FakeClock(new DateTimeOffset(civil ?? new DateTime(2022, 3, 15, 10, 15, 0), TimeSpan.FromHours(8)));
        Site = new TestSite(moreDevices: devices);
        Ingest = new IngestBuffer(linesBytesMax);
        var around = new BoxSurroundings(Site.Ledger.Site.TimeZone, Site.Directory, Ingest, Site.Texts, new GatewayClock(Clock), Refused, Rings, () => ClockIsSane);
        Goyo = new GoyoLink(new GoyoOptions(), around, NullLogger<GoyoLink>.Instance);
        Tx101 = new Tx101Link(new Tx101Options(), around, NullLogger<Tx101Link>.Instance);
    }

    public TestSite Site { get; }

    public FakeClock Clock { get; }

    public IngestBuffer Ingest { get; }

    public FrameRings Rings { get; } = new();

    public RefusedMessages Refused { get; } = new();

    public GoyoLink Goyo { get; }

    public Tx101Link Tx101 { get; }

    public bool ClockIsSane { get; set; } = true;

    public List<Reading> Readings { get; } = [];

    /// <summary>Lines without their times.</summary>
    public List<string> Lines { get; } = [];

    public List<LinkEvent> Events { get; } = [];

    /// <summary>A ledger entry with a comma in front.</summary>
    public static string Device(string id, string kind, string profile, string link, string station) =>
        $$""", { "id": "{{id}}", "name": "{{id}}", "kind": "{{kind}}", "profile": "{{profile}}", "link": "{{link}}", "station": "{{station}}", "inService": "2020-01-01" }""";

    public BoxTalk Connect(BoxLink link, string address = "10.0.0.7") => link.Converse(address + ":1024", Rings.OfConnection(link.Name, address), () => { });

    public FrameRing Ring(BoxLink link, string address = "10.0.0.7") => Rings.OfConnection(link.Name, address);

    /// <summary>A frame as hex, given whole.</summary>
    public bool Say(BoxTalk talk, string hex) => Say(talk, Bytes(hex));

    public bool Say(BoxTalk talk, byte[] bytes)
    {
        int taken = talk.Take(bytes, Clock.NowMs, out bool full);
        Xunit.Assert.True(full || taken == bytes.Length);
        return !full;
    }

    /// <summary>What the gateway sent since the last call, as hex.</summary>
    public static List<string> Sent(BoxTalk talk)
    {
        var sent = new List<string>();
        while (talk.TryNext(out byte[] frame)) sent.Add(Text(frame));
        return sent;
    }

    /// <summary>As the engine does it: everything is on disk, and acknowledged.</summary>
    public void Commit()
    {
        var batch = Ingest.Take();
        Readings.AddRange(batch.Readings);
        Events.AddRange(batch.Events);
        foreach (string line in Encoding.UTF8.GetString(batch.Lines).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Lines.Add(line[..line.LastIndexOf(' ')]);
        foreach (var (sink, token) in batch.Acks) sink.Committed(token);
        Ingest.Return(batch);
    }

    /// <summary>The value of a field in the last line.</summary>
    public string? Field(string name)
    {
        string fields = Lines[^1][(Lines[^1].IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return fields.Split(',').Select(f => f.Split('=')).FirstOrDefault(f => f[0] == name)?[1];
    }

    public double Number(string name) => double.Parse((Field(name) ?? throw new InvalidOperationException($"no {name} in {Lines[^1]}")).TrimEnd('i'), CultureInfo.InvariantCulture);

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static string Text(byte[] bytes) => string.Join(' ', bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    public void Dispose() => Ingest.Dispose();
}
