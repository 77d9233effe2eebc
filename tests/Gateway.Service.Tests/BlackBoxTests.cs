using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Crane boxes of two vendors' protocols and a wire with three TX101 boxes, at the real program.</summary>
public sealed class BlackBoxTests
{
    private static readonly string[] Boxes = ["goyo-1", "goyo-2", "tx-crane", "tx-hoist", "tx-dust"];

    private readonly int _goyoPort = FreePort.Next();
    private readonly int _tx101Port = FreePort.Next();

    [Fact]
    public async Task Alarms_operators_silence_and_clocks_come_through()
    {
        await using var gateway = Site();
        await gateway.StartAsync();
        await using var site = await DevicesAsync(gateway);
        await using var stream = await SseReader.OpenAsync(gateway);
        foreach (string box in Boxes) await gateway.Console.WaitForPresenceAsync(box, "online", 10);
        Assert.Equal("op-1003", await TextAsync(gateway, "goyo-1", "operator"));
        Assert.Equal("2002", await TextAsync(gateway, "tx-hoist", "operator"));
        Assert.InRange(await gateway.Console.ValueAsync("tx-dust", "pm10_ugm3") ?? 0, 5, 500);

        await site.CommandAsync("clock-drift", "goyo-2", value: 300);
        await site.CommandAsync("overload", "goyo-1");
        await site.CommandAsync("overload", "tx-crane");
        foreach (string crane in (string[])["goyo-1", "tx-crane"])
            await stream.WaitAsync($"{crane}'s load alarm", Eventually.Seconds(10), e => e.IsAlarm("crane-device-load", crane));

        await site.CommandAsync("silence", "goyo-1");
        await gateway.Console.WaitForPresenceAsync("goyo-1", "offline(silent)", 10);
        await Eventually.GetAsync("a clock was set", Eventually.Seconds(10), () => gateway.Console.TextAsync("/metrics"),
            text => text.Contains("gateway_box_frames_total{protocol=\"goyo\",verdict=\"clockSet\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_boxes_measured_while_nobody_listened_comes_later_and_says_so()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = Site(SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        await using var site = await DevicesAsync(gateway);
        foreach (string box in (string[])["goyo-1", "goyo-2", "tx-crane"]) await gateway.Console.WaitForPresenceAsync(box, "online", 10);

        await gateway.KillAsync();
        long killedUs = Words.NowMs * 1000;
        // Longer than a box needs to measure something that it has to keep.
        await Eventually.TrueAsync("three seconds without a gateway", Eventually.Seconds(10), () => Words.NowMs * 1000 - killedUs > 3_000_000);
        await gateway.StartAsync();
        foreach (string box in (string[])["goyo-1", "goyo-2"])
            await Eventually.TrueAsync($"what {box} kept is in the sink", Eventually.Seconds(15), () => sink.Of("crane").Any(l => l.Tag("device") == box && l.Field("backfill") == "1i" && long.Parse(l.Time, CultureInfo.InvariantCulture) / 1000 >= killedUs - 1_000_000));
        await gateway.Console.WaitForPresenceAsync("tx-crane", "online", 10);
    }

    [Fact]
    [Trait("Tier", "long")]
    public async Task Whatever_is_wrong_on_the_wire_costs_those_frames_and_no_others()
    {
        await using var gateway = Site();
        await gateway.StartAsync();
        await using var site = await DevicesAsync(gateway);
        foreach (string box in Boxes) await gateway.Console.WaitForPresenceAsync(box, "online", 10);
        // A torn report of a TX101 box is sent again only after five seconds.
        foreach (var (sin, sinners) in new[] { ("foreign-bytes", Boxes), ("drip", Boxes[..1]), ("torn", Boxes[..2]), ("late-reply", Boxes[2..]) })
        {
            foreach (string box in sinners) await site.CommandAsync(sin, box);
            await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
            foreach (string box in Boxes) Assert.Equal("online", await gateway.Console.PresenceAsync(box));
            await site.CommandAsync("recover");
        }
        await site.CommandAsync("wrong-crc", "goyo-1");
        await gateway.Console.WaitForPresenceAsync("goyo-1", "offline(silent)", 10);
        await site.CommandAsync("recover", "goyo-1");
        await gateway.Console.WaitForPresenceAsync("goyo-1", "online", 10);
        await site.CommandAsync("lying-length", "goyo-1");
        await site.CommandAsync("address-clash", "tx-dust");
        await gateway.Console.WaitForPresenceAsync("tx-dust", "offline(silent)", 10);
        Assert.Equal("online", await gateway.Console.PresenceAsync("goyo-1"));
        string metrics = await gateway.Console.TextAsync("/metrics");
        foreach (string verdict in (string[])["checksumWrong", "lengthLies"]) Assert.Contains($"{{protocol=\"goyo\",verdict=\"{verdict}\"}}", metrics, StringComparison.Ordinal);
    }

    private static async Task<string?> TextAsync(GatewayUnderTest gateway, string device, string field)
    {
        var seen = await Eventually.GetAsync($"{device} tells its {field}", Eventually.Seconds(5), () => gateway.Console.DeviceAsync(device),
            d => ValueOf(d, field).ValueKind == JsonValueKind.String, d => d.GetRawText());
        return ValueOf(seen, field).GetString();
    }

    private static JsonElement ValueOf(JsonElement device, string field) => device.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("field").GetString() == field).GetProperty("value");

    private Task<FirmwareSim> DevicesAsync(GatewayUnderTest gateway) => FirmwareSim.StartWithBoxesAsync(gateway, gateway["bus-1"], _goyoPort, _tx101Port, rate: 5);

    private GatewayUnderTest Site(params JsonObject[] targets)
    {
        var gateway = new GatewayUnderTest(SiteFiles.Ledger(
            SiteFiles.Box("goyo-1", "crane", "goyo-021303-crane", "goyo", "TC000001"), SiteFiles.Box("goyo-2", "crane", "goyo-v01-crane", "goyo", "390607"),
            SiteFiles.Box("tx-crane", "crane", "tx101-crane", "tx101", "3302-000001"), SiteFiles.Box("tx-hoist", "hoist", "tx101-hoist", "tx101", "3302-000002"),
            SiteFiles.Box("tx-dust", "dust", "tx101-dust", "tx101", "3302-000003")), targets);
        gateway.Configuration["Goyo"] = new JsonObject { ["Enabled"] = true, ["Port"] = _goyoPort };
        gateway.Configuration["Tx101"] = new JsonObject { ["Enabled"] = true, ["Port"] = _tx101Port };
        return gateway;
    }
}
