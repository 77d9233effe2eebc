using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Writes the files an operator would: a ledger with just the devices a test needs.</summary>
internal static class SiteFiles
{
    public const string SiteId = "e2e";

    public static JsonObject Configuration(int mqttPort, int hj212Port, int consolePort, JsonObject[] targets) => new()
    {
        ["Gateway"] = new JsonObject { ["Id"] = "gw-e2e", ["Ledger"] = "ledger.json", ["TrustClock"] = true },
        ["Mqtt"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = mqttPort },
        ["Hj212"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = hj212Port },
        ["Console"] = new JsonObject { ["Address"] = "127.0.0.1", ["Port"] = consolePort, ["AnonymousRead"] = true },
        // A list that is drawn or not, as the hour has it, would be a row more or less in every chain.
        ["Patrol"] = new JsonObject { ["Enabled"] = false },
        ["Store"] = new JsonObject { ["Directory"] = "data" },
        ["Uplink"] = new JsonObject { ["Targets"] = new JsonArray([.. targets]) },
    };

    public static JsonObject Ledger(params JsonObject[] devices) => new()
    {
        ["version"] = 1,
        ["site"] = new JsonObject { ["id"] = SiteId, ["name"] = Name("联调工地", "End to end"), ["timeZone"] = "Asia/Shanghai", ["class"] = "green" },
        ["devices"] = new JsonArray([.. devices]),
    };

    /// <summary>A crane that speaks JSON over MQTT on <c>site/e2e/crane/ID/…</c>.</summary>
    public static JsonObject Crane(string id, double expectedSeconds = 20, double? offlineAfterSeconds = null) => Device(id, "crane", "crane-json", "mqtt", expectedSeconds, offlineAfterSeconds);

    /// <summary>The same devices behind a broker.</summary>
    public static JsonObject[] Behind(string broker, params JsonObject[] devices)
    {
        foreach (var device in devices) device["broker"] = broker;
        return devices;
    }

    public static JsonObject Dust212(string id, string mn)
    {
        var device = Device(id, "dust", "hj212-dust", "hj212", 60, null);
        device["mn"] = mn;
        return device;
    }

    public static JsonObject Unit(string id, string profile, int unit, double expectedSeconds = 0.5, double offlineAfterSeconds = 3)
    {
        var device = Device(id, "wind", profile, "modbus", expectedSeconds, offlineAfterSeconds);
        (device["bus"], device["unit"]) = ("bus-1", unit);
        return device;
    }

    /// <summary>A black box; a station that speaks every second in a hurried simulator.</summary>
    public static JsonObject Box(string id, string kind, string profile, string link, string station)
    {
        var device = Device(id, kind, profile, link, 1, 3);
        device["station"] = station;
        return device;
    }

    public static JsonObject WithBus(JsonObject ledger, string port)
    {
        ledger["buses"] = new JsonArray(new JsonObject { ["id"] = "bus-1", ["name"] = Name("总线", "Bus"), ["port"] = port, ["baud"] = 9600, ["framing"] = "8N1" });
        return ledger;
    }

    /// <summary>The same bus behind the address of a converter that speaks Modbus TCP.</summary>
    public static JsonObject WithConverter(JsonObject ledger, string host)
    {
        ledger["buses"] = new JsonArray(new JsonObject { ["id"] = "bus-1", ["name"] = Name("总线", "Bus"), ["host"] = host, ["transport"] = "tcp" });
        return ledger;
    }

    public static JsonObject Target(string name, string kind, int port, params (string Name, JsonNode Value)[] more)
    {
        var target = new JsonObject { ["Name"] = name, ["Kind"] = kind, ["Url"] = $"http://127.0.0.1:{port}" };
        foreach (var (key, value) in more) target[key] = value;
        return target;
    }

    /// <summary>A target of the kind that needs nothing but an address.</summary>
    public static JsonObject SinkTarget(int port, int batchLines = 5_000) =>
        Target("sink", "influxdb-v1", port, ("Database", "site"), ("BatchLines", batchLines));

    private static JsonObject Device(string id, string kind, string profile, string link, double expectedSeconds, double? offlineAfterSeconds)
    {
        var device = new JsonObject
        {
            ["id"] = id, ["name"] = Name(id, id), ["kind"] = kind, ["profile"] = profile, ["link"] = link,
            ["safety"] = true, ["expectedIntervalSeconds"] = expectedSeconds, ["inService"] = "2020-01-01",
        };
        if (offlineAfterSeconds is { } seconds) device["offlineAfterSeconds"] = seconds;
        return device;
    }

    private static JsonObject Name(string zh, string en) => new() { ["zh"] = zh, ["en"] = en };
}
