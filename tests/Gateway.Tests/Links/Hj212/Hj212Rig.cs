using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Hj212;
using Gateway.Links.Hj212.Recall;
using Gateway.Protocols.Hj212;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

/// <summary>A conversation without a wire: the test is the logger, commits and time come when it says so.</summary>
internal sealed class Hj212Rig : IDisposable
{
    public const string Mn = "NB0203000000000000000001";

    private byte[] _kept = [];

    /// <param name="member">Further ledger members of the device, each with a comma in front.</param>
    public Hj212Rig(string member = "", Hj212Options? options = null, FakeMemory? memory = null, FakeClock? clock = null, IngestBuffer? ingest = null)
    {
        Clock = clock ?? new FakeClock(new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.FromHours(8)));
        Site = new TestSite(moreDevices: $$""", { "id": "dust-1", "name": "扬尘", "kind": "dust", "profile": "hj212-dust", "link": "hj212", "mn": "{{Mn}}", "inService": "2026-01-01", "expectedIntervalSeconds": 60{{member}} }""");
        Memory = memory ?? new FakeMemory();
        Ingest = ingest ?? new IngestBuffer();
        Link = new Hj212Link(options ?? new Hj212Options(), Site.Ledger.Site.TimeZone, Site.Directory, Ingest, new GatewayClock(Clock), Refused, Rings, Memory, NullLogger<Hj212Link>.Instance);
        Talk = Connect();
    }

    public TestSite Site { get; }

    public FakeClock Clock { get; }

    public FakeMemory Memory { get; }

    public IngestBuffer Ingest { get; }

    public FrameRings Rings { get; } = new();

    public RefusedMessages Refused { get; } = new();

    public Hj212Link Link { get; }

    public Hj212Talk Talk { get; private set; }

    /// <summary>Readings of all commits, with their samples' count of good ones.</summary>
    public List<(Reading Reading, int Good)> Readings { get; } = [];

    public List<string> Lines { get; } = [];

    public Hj212DeviceStatus Device => Assert.Single(Link.Status(), s => s.Mn == Mn);

    /// <summary>A new conversation instead of the one before.</summary>
    public Hj212Talk Connect()
    {
        if (Talk is not null) Disconnect();
        Talk = new Hj212Talk(Link, "10.0.0.7:1024", Rings.OfConnection(Hj212Link.Name, "10.0.0.7"), () => { });
        Link.Begin(Talk);
        return Talk;
    }

    public void Disconnect()
    {
        Talk.Closed(Clock.NowMs);
        Link.End(Talk);
        _kept = [];
    }

    /// <summary>Bytes of the logger, as they are.</summary>
    public bool Feed(byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>([.. _kept, .. bytes]);
        var done = Talk.Take(input, Clock.NowMs, out bool full);
        _kept = input.Slice(done).ToArray();
        return !full;
    }

    /// <summary>A frame of the logger with the standard's checksum.</summary>
    public bool Say(string data) => Feed(Frame(data));

    /// <summary>A data frame of the device.</summary>
    public bool Say(int cn, string cp, string? qn = null, int flag = 5, string packet = "") => Say($"QN={qn ?? Stamp(Clock.NowMs) + "000"};ST=39;CN={cn};PW=123456;MN={Mn};Flag={flag};{packet}CP=&&{cp}&&");

    public bool Live(double dust = 41, char flag = 'N') => Say(2011, string.Create(CultureInfo.InvariantCulture, $"DataTime={Stamp(Clock.NowMs)};a34004-Rtd={dust},a34004-Flag={flag}"));

    public bool Minute(long startMs, double dust = 41, string? qn = null) => Say(2051, string.Create(CultureInfo.InvariantCulture, $"DataTime={Stamp(startMs)};a34004-Min=1,a34004-Avg={dust},a34004-Max=99,a34004-Flag=N"), qn);

    public static byte[] Frame(string data)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(data);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"##{bytes.Length:D4}{data}{Hj212Crc.Standard(bytes):X4}\r\n"));
    }

    /// <summary>Civil time of the site, UTC+8.</summary>
    public static string Stamp(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>As the engine does it: everything is on disk, and acknowledged.</summary>
    /// <returns>What the link said besides readings.</returns>
    public List<LinkEvent> Commit()
    {
        var batch = Ingest.Take();
        List<LinkEvent> events = [.. batch.Events];
        foreach (ref readonly var reading in batch.Readings)
        {
            int good = 0;
            foreach (var sample in batch.SamplesOf(reading))
                if (sample.Quality == SampleQuality.Good) good++;
            Readings.Add((reading, good));
        }
        Lines.AddRange(Encoding.UTF8.GetString(batch.Lines).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var (sink, token) in batch.Acks)
            if (sink.Committed(token)) sink.Flush();
        Ingest.Return(batch);
        return events;
    }

    /// <summary>Time passes, second by second, with its ticks.</summary>
    public void Pass(int seconds = 1)
    {
        for (int i = 0; i < seconds; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Talk.Tick(Clock.NowMs);
        }
    }

    /// <summary>What the gateway sent since the last call, without the frame around it.</summary>
    public List<string> Sent()
    {
        var sent = new List<string>();
        while (Talk.TryNext(out byte[] frame))
        {
            string text = Encoding.ASCII.GetString(frame);
            Assert.Equal(Frame(text[6..^6]), frame);
            sent.Add(text[6..^6]);
        }
        return sent;
    }

    /// <summary>The one request that was sent among answers, with its number.</summary>
    public (string Cn, string Qn, string Cp) Asked()
    {
        string request = Assert.Single(Sent(), s => !s.Contains(";ST=91;", StringComparison.Ordinal));
        Assert.Contains(";Flag=5;", request, StringComparison.Ordinal);
        return (Member(request, "CN"), Member(request, "QN"), request[(request.IndexOf("CP=&&", StringComparison.Ordinal) + 5)..^2]);
    }

    public void Answer(int cn, string qn, string cp) => Say($"QN={qn};ST=91;CN={cn};PW=123456;MN={Mn};Flag=4;CP=&&{cp}&&");

    public void Dispose()
    {
        Link.Dispose();
        Ingest.Dispose();
    }

    private static string Member(string data, string key) => data.Split(';').First(p => p.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];
}

/// <summary>What was written down, in a dictionary.</summary>
internal sealed class FakeMemory : IHj212Memory
{
    public Dictionary<string, string> Books { get; } = new(StringComparer.Ordinal);

    public string? Recall(string mn) => Books.GetValueOrDefault(mn);

    public Task RememberAsync(IReadOnlyList<(string Mn, string Text)> books)
    {
        foreach (var (mn, text) in books) Books[mn] = text;
        return Task.CompletedTask;
    }
}
