using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The ledger changed while the gateway runs: by a person, by a program, by hand.</summary>
public sealed class LedgerReloadTests
{
    /// <summary>pymodbus holds unit × 1000 + register; a scale makes wind of it.</summary>
    private const string Profile = """
        {
          "id": "pymodbus-wind", "version": 1, "kind": "wind", "title": { "zh": "风速", "en": "Wind" }, "life": "measurement",
          "modbus": { "blocks": [ { "function": 3, "address": 7, "count": 1 } ] },
          "fields": [ { "field": "wind_mps", "unit": "m/s", "min": 0, "max": 60, "scale": 0.001, "register": { "address": 7 } } ]
        }
        """;

    [Fact]
    public async Task A_stranger_is_adopted_and_counts_within_a_second_and_a_device_that_is_removed_is_a_stranger()
    {
        await using var gateway = await StartAsync(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 1)));
        await using var device = new MqttDevice("crane-9", gateway.MqttPort);
        await device.ConnectAsync();
        await device.PublishAsync(Words.Telemetry("crane-9"), Words.CraneJson(Words.NowMs, 1));
        await Eventually.GetAsync("the stranger is listed", Eventually.Seconds(5), () => UnregisteredAsync(gateway), n => n == 1);

        await gateway.Console.PostAsync("/api/v1/ledger/adopt", $$"""
            { "link": "mqtt", "address": "site/{{SiteFiles.SiteId}}/crane/crane-9", "id": "crane-9", "name": { "zh": "9#", "en": "Nine" }, "kind": "crane", "profile": "crane-json", "expectedSeconds": 1, "safety": true }
            """);
        await device.PublishAsync(Words.Telemetry("crane-9"), Words.CraneJson(Words.NowMs, 2));
        await gateway.Console.WaitForPresenceAsync("crane-9", "online", 1);
        Assert.Equal(2, (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("compliance").GetProperty("devices").GetProperty("denominator").GetInt32());
        Assert.Equal(0, await UnregisteredAsync(gateway));

        var (status, said) = await gateway.Console.PutLedgerAsync(gateway.Ledger.ToJsonString());
        Assert.True(status == HttpStatusCode.OK && said.GetProperty("applied").GetBoolean(), said.GetRawText());
        await device.PublishAsync(Words.Telemetry("crane-9"), Words.CraneJson(Words.NowMs, 3));
        await Eventually.GetAsync("it is a stranger again", Eventually.Seconds(2), () => UnregisteredAsync(gateway), n => n == 1);
        Assert.Equal(1, (await gateway.Console.GetAsync("/api/v1/devices")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_bus_that_is_added_is_polled_while_the_other_goes_on_and_ends_when_it_is_removed()
    {
        await using var first = new ModbusUnits();
        await using var second = new ModbusUnits();
        await first.PlugInAsync();
        await second.PlugInAsync();
        var ledger = SiteFiles.WithBus(SiteFiles.Ledger(SiteFiles.Unit("wind-1", "pymodbus-wind", 1)), first.Port);
        await using var gateway = new GatewayUnderTest(ledger);
        Directory.CreateDirectory(gateway["profiles"]);
        await File.WriteAllTextAsync(Path.Combine(gateway["profiles"], "pymodbus-wind.json"), Profile);
        gateway.Configuration["Gateway"]!["Profiles"] = JsonValue.Create("profiles");
        await StartAsync(gateway);
        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);

        var more = JsonNode.Parse(ledger.ToJsonString())!;
        more["buses"]!.AsArray().Add(new JsonObject { ["id"] = "bus-2", ["name"] = "2", ["port"] = second.Port, ["baud"] = 9600, ["framing"] = "8N1" });
        var unit = SiteFiles.Unit("wind-2", "pymodbus-wind", 2);
        unit["bus"] = "bus-2";
        more["devices"]!.AsArray().Add((JsonNode)unit);
        await ApplyAsync(gateway, more.ToJsonString());
        await gateway.Console.WaitForPresenceAsync("wind-2", "online", 10);
        Assert.Equal(2.007, await gateway.Console.ValueAsync("wind-2", "wind_mps"));

        await ApplyAsync(gateway, ledger.ToJsonString());
        var buses = await gateway.Console.GetAsync("/api/v1/buses");
        Assert.DoesNotContain("bus-2", buses.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("online", await gateway.Console.PresenceAsync("wind-1"));
        Assert.Empty(await gateway.Console.AlarmsAsync("bus-lost"));
        Assert.Empty(await gateway.Console.AlarmsAsync("device-silent"));
        // Never interrupted: what it was before it was online is all that was ever closed of it.
        Assert.Equal(0, await CountAsync(gateway, "SELECT count(*) FROM presence_interval WHERE device = 'wind-1' AND state = 1"));
    }

    [Fact]
    public async Task Twenty_ledgers_under_load_lose_nothing_that_was_acknowledged()
    {
        const int Devices = 12;
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = await StartAsync(SiteFiles.Ledger(Fleet.LedgerOf(Devices)), SiteFiles.SinkTarget(sink.Port));
        await using var fleet = new Fleet(Devices, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(20)) { Hurry = true };
        await fleet.ConnectAsync();

        var load = fleet.ReportAsync(TimeSpan.FromSeconds(6));
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < 20; round++)
        {
            var ledger = JsonNode.Parse(gateway.Ledger.ToJsonString())!;
            // Others come and go, one changes: as an office does it all day, only faster.
            ledger["devices"]!.AsArray().RemoveAt(round % Devices);
            ledger["devices"]![0]!["offlineAfterSeconds"] = 120 + round;
            await ApplyAsync(gateway, round == 19 ? gateway.Ledger.ToJsonString() : ledger.ToJsonString());
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(6), $"twenty ledgers took {clock.Elapsed}: the load was over before they were");
        await load;

        var acknowledged = fleet.Acknowledged.ToHashSet();
        Assert.True(acknowledged.Count > 4_000, $"only {acknowledged.Count} messages were acknowledged: no load");
        await Eventually.GetAsync("every acknowledged message is in the sink", TimeSpan.FromSeconds(30), () => sink.Of("crane").Select(l => (l.Tag("device")!, l.Seq)).ToHashSet(), acknowledged.IsSubsetOf,
            seen => $"{acknowledged.Count(a => !seen.Contains(a))} of {acknowledged.Count} missing");
        for (int n = 1; n <= Devices; n++) await gateway.Console.WaitForPresenceAsync($"load-{n:00}", "online", 5);
    }

    [Fact]
    public async Task A_broken_file_changes_nothing_and_says_why_and_a_sound_one_is_taken_over_by_itself()
    {
        await using var gateway = await StartAsync(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        string whole = gateway.Ledger.ToJsonString();
        string hash = (await StatusAsync(gateway)).GetProperty("hash").GetString()!;

        await File.WriteAllTextAsync(gateway["ledger.json"], whole.Replace("crane-json", "no-such-profile", StringComparison.Ordinal));
        var status = await Eventually.GetAsync("the file is found wrong", Eventually.Seconds(15), () => StatusAsync(gateway), s => s.GetProperty("problems").GetArrayLength() > 0, s => s.GetRawText());
        Assert.Equal("devices[0].profile", status.GetProperty("problems")[0].GetProperty("place").GetString());
        Assert.Equal(hash, status.GetProperty("hash").GetString());
        await WaitForAlarmAsync(gateway, "unacked");
        Assert.Equal(1, (await gateway.Console.GetAsync("/api/v1/devices")).GetProperty("items").GetArrayLength());

        var next = JsonNode.Parse(whole)!;
        next["devices"]!.AsArray().Add((JsonNode)SiteFiles.Crane("crane-2"));
        await File.WriteAllTextAsync(gateway["ledger.json"], next.ToJsonString());
        await Eventually.GetAsync("the sound one is in force", Eventually.Seconds(7), () => StatusAsync(gateway), s => s.GetProperty("hash").GetString() != hash && s.GetProperty("problems").GetArrayLength() == 0, s => s.GetRawText());
        Assert.Equal("unknown", await gateway.Console.PresenceAsync("crane-2"));
        await WaitForAlarmAsync(gateway, "returnedUnacked");
        Assert.Equal(1, await CountAsync(gateway, "SELECT count(*) FROM journal WHERE kind = 'ledger' AND body ->> '$.who' = 'file'"));

        var (stale, said) = await gateway.Console.PutLedgerAsync(whole, hash);
        Assert.True(stale == HttpStatusCode.PreconditionFailed, said.GetRawText());
        Assert.Equal(2, (await gateway.Console.GetAsync("/api/v1/devices")).GetProperty("items").GetArrayLength());
    }

    private static async Task<GatewayUnderTest> StartAsync(JsonObject ledger, params JsonObject[] targets)
    {
        var gateway = new GatewayUnderTest(ledger, targets);
        await StartAsync(gateway);
        return gateway;
    }

    private static async Task StartAsync(GatewayUnderTest gateway)
    {
        await gateway.StartAsync();
        await gateway.Console.BecomeAdministratorAsync(await gateway.SetUpLinkAsync());
    }

    private static async Task ApplyAsync(GatewayUnderTest gateway, string ledger)
    {
        var (status, said) = await gateway.Console.PutLedgerAsync(ledger);
        Assert.True(status == HttpStatusCode.OK && said.GetProperty("applied").GetBoolean(), said.GetRawText());
    }

    /// <summary>There is one, and it comes to that state.</summary>
    private static async Task WaitForAlarmAsync(GatewayUnderTest gateway, string state) => await Eventually.GetAsync($"the alarm is {state}", Eventually.Seconds(3),
        () => gateway.Console.AlarmsAsync("ledger-invalid"), a => a is [var one] && one.GetProperty("state").GetString() == state, a => string.Join(", ", a.Select(one => one.GetRawText())));

    private static async Task<int> UnregisteredAsync(GatewayUnderTest gateway) => (await gateway.Console.GetAsync("/api/v1/devices")).GetProperty("unregistered").GetArrayLength();

    private static async Task<JsonElement> StatusAsync(GatewayUnderTest gateway) => (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("ledger");

    private static async Task<int> CountAsync(GatewayUnderTest gateway, string sql)
    {
        await using var sqlite = ChildProcess.Start("sqlite3", ["-readonly", gateway["data/state.db"], sql]);
        Assert.True(await sqlite.WaitForExitAsync(TimeSpan.FromSeconds(10)) == 0, sqlite.Said);
        return int.Parse(string.Concat(sqlite.Output), System.Globalization.CultureInfo.InvariantCulture);
    }
}
