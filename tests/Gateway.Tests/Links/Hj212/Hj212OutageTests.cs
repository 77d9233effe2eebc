using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Hj212;
using Gateway.Links.Hj212.Recall;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

/// <summary>The whole inner path with a real store: what an hour without the gateway leaves behind.</summary>
public sealed class Hj212OutageTests : IDisposable
{
    private const string Device = $$""", { "id": "dust-1", "name": "扬尘", "kind": "dust", "profile": "hj212-dust", "link": "hj212", "mn": "{{Hj212Rig.Mn}}", "inService": "2026-01-01", "expectedIntervalSeconds": 60 }""";
    private const long TenMinutes = 600_000;

    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 5, 9, 0, 0, TimeSpan.FromHours(8)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_store_gets_the_hour_back_marked_and_presence_still_says_unknown()
    {
        await BeforeAsync();
        long downMs = _clock.NowMs;
        _clock.Advance(TimeSpan.FromHours(1));

        using var rig = new StageRig(_folder.Path, _clock, moreDevices: Device);
        rig.Stage.Start();
        using var reader = new StateReader(rig.Options.StatePath);
        using var logger = new Logger(rig, reader, _clock);
        logger.Live();
        await rig.SettledAsync();
        logger.Pass();
        string[] request = logger.Asked();
        Assert.Contains(request, r => r.Contains($"CN=2051;PW=123456;MN={Hj212Rig.Mn};Flag=5;CP=&&BeginTime={Hj212Rig.Stamp(downMs)};EndTime={Hj212Rig.Stamp(downMs + 6 * TenMinutes - 1000)}&&", StringComparison.Ordinal));
        string qn = request.Single(r => r.Contains("CN=2051", StringComparison.Ordinal))[3..20];
        for (int i = 0; i < 6; i++) logger.Minute(downMs + i * TenMinutes, qn);
        logger.Say($"QN={qn};ST=91;CN=9012;PW=123456;MN={Hj212Rig.Mn};Flag=4;CP=&&ExeRtn=1&&");
        await rig.SettledAsync();
        logger.Pass();

        var back = rig.Lines().Where(l => l.StartsWith("dust_minute,", StringComparison.Ordinal) && l.Contains("backfill=1i", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"{downMs + i * TenMinutes}000000"), back.Select(l => l[(l.LastIndexOf(' ') + 1)..]));
        Assert.Empty(logger.Status.Recall);

        // Newest first; the first start of all left one, too.
        var unknown = reader.Journal("interval", long.MaxValue, 100).Bodies.Select(b => JsonNode.Parse(b)!).First(i => (string)i["device"]! == "dust-1");
        Assert.Equal("gateway", (string)unknown["cause"]!);
        Assert.Equal("unknown", (string)unknown["state"]!);
        Assert.InRange(DateTimeOffset.Parse((string)unknown["from"]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), downMs - 10_000, downMs);
        Assert.Equal(_clock.NowMs - 2_000, DateTimeOffset.Parse((string)unknown["to"]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    private async Task BeforeAsync()
    {
        using var rig = new StageRig(_folder.Path, _clock, moreDevices: Device);
        rig.Stage.Start();
        using var reader = new StateReader(rig.Options.StatePath);
        using var logger = new Logger(rig, reader, _clock);
        for (int minute = 1; minute <= 60; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            logger.Live();
            if (minute % 10 == 0) logger.Minute(_clock.NowMs - TenMinutes);
            await rig.SettledAsync();
        }
        await logger.RememberAsync();
    }

    /// <summary>A data logger that talks to the link without a socket.</summary>
    private sealed class Logger : IDisposable
    {
        private readonly Hj212Link _link;
        private readonly Hj212Talk _talk;
        private readonly FakeClock _clock;

        public Logger(StageRig rig, StateReader reader, FakeClock clock)
        {
            _clock = clock;
            _link = new Hj212Link(new Hj212Options(), rig.Site.Ledger.Site.TimeZone, rig.Site.Directory, rig.Ingest, new GatewayClock(clock), new RefusedMessages(), new FrameRings(), new Hj212Memory(rig.Stage, reader), NullLogger<Hj212Link>.Instance);
            _talk = new Hj212Talk(_link, "test", _link.Rings.OfConnection(Hj212Link.Name, "test"), () => { });
            _link.Begin(_talk);
        }

        public Hj212DeviceStatus Status => _link.Status().Single();

        public void Live() => Data(2011, _clock.NowMs, "a34004-Rtd=41,a34004-Flag=N", $"{Hj212Rig.Stamp(_clock.NowMs)}000");

        public void Minute(long startMs, string? qn = null) => Data(2051, startMs, "a34004-Avg=41,a34004-Flag=N", qn ?? $"{Hj212Rig.Stamp(_clock.NowMs)}001");

        public void Say(string data) => _talk.Take(new System.Buffers.ReadOnlySequence<byte>(Hj212Rig.Frame(data)), _clock.NowMs, out _);

        public void Pass()
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _talk.Tick(_clock.NowMs);
        }

        public string[] Asked()
        {
            var sent = new List<string>();
            while (_talk.TryNext(out byte[] frame)) sent.Add(Encoding.ASCII.GetString(frame)[6..]);
            return [.. sent];
        }

        public Task RememberAsync() => _link.RememberAsync();

        public void Dispose() => _link.Dispose();

        private void Data(int cn, long atMs, string values, string qn) => Say($"QN={qn};ST=39;CN={cn};PW=123456;MN={Hj212Rig.Mn};Flag=5;CP=&&DataTime={Hj212Rig.Stamp(atMs)};{values}&&");
    }
}
