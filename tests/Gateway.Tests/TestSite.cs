using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Testing;

namespace Gateway.Tests;

/// <summary>A small site with the built-in profiles and rule packs: two cranes and a camera on MQTT, two anemometers on one bus, a hoist that leaves service.</summary>
internal sealed class TestSite
{
    public const string GatewayId = "gw-test";

    /// <param name="moreDevices">Ledger entries of further devices, each with a comma in front.</param>
    /// <param name="moreSections">Further members of the ledger, each with a comma behind.</param>
    public TestSite(TextTable? texts = null, string moreDevices = "", string moreSections = "")
    {
        var problems = new Problems();
        Texts = texts ?? new TextTable();
        Catalog = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems);
        Rules = [.. Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, problems))];
        Ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(Text.Replace("\"link\": \"mqtt\" } ],", $"\"link\": \"mqtt\" }}{moreDevices} ],{moreSections}", StringComparison.Ordinal)), Catalog.KindsByProfile, problems)
            ?? throw new InvalidOperationException(string.Join("; ", problems.Items));
        Directory = new DeviceDirectory(Ledger, Catalog);
        Profiles = [.. Directory.Registered.Select(r => r.Profile.Device)];
    }

    /// <summary>2026-03-05 10:00 in the site's zone.</summary>
    public static long Ten { get; } = new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    public TextTable Texts { get; }

    public ProfileCatalog Catalog { get; }

    public IReadOnlyList<Rule> Rules { get; }

    public SiteLedger Ledger { get; }

    public DeviceDirectory Directory { get; }

    public IReadOnlyList<DeviceProfile> Profiles { get; }

    public SiteEngine Engine(long nowMs) => new(Ledger, Profiles, Rules, Texts, GatewayId, nowMs);

    /// <summary>The ledger with other devices; what is changed of them is said with <c>with</c>.</summary>
    public SiteLedger With(params IEnumerable<Device> devices) => Ledger with { Devices = [.. devices] };

    public int IndexOf(string device) => Route(device).Index;

    public DeviceRoute Route(string device) => Directory.Registered.First(r => r.Id == device);

    public Sample Sample(string device, string field, double value, SampleQuality quality = SampleQuality.Good) =>
        new((ushort)Route(device).Profile.Device.SlotOf(field), quality, value);

    private const string Text = """
        { "version": 1, "site": { "id": "s1", "name": "工地" },
          "buses": [ { "id": "b1", "name": "总线", "port": "/dev/none" } ],
          "devices": [
            { "id": "c1", "name": "1# 塔机", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" },
            { "id": "c2", "name": "2# 塔机", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" },
            { "id": "w1", "name": "风 1", "kind": "wind", "profile": "renke-fsjt-n01", "link": "modbus", "bus": "b1", "unit": 1, "inService": "2026-01-01" },
            { "id": "w2", "name": "风 2", "kind": "wind", "profile": "renke-fsjt-n01", "link": "modbus", "bus": "b1", "unit": 2, "inService": "2026-01-01" },
            { "id": "v1", "name": "摄像机", "kind": "camera", "profile": "camera-json", "link": "mqtt", "inService": "2026-01-01" },
            { "id": "h1", "name": "升降机", "kind": "hoist", "profile": "hoist-json", "link": "mqtt", "inService": "2026-01-01", "outOfService": "2026-03-05" },
            { "id": "h2", "name": "新升降机", "kind": "hoist", "profile": "hoist-json", "link": "mqtt" } ],
          "operators": [ { "id": "op-1", "name": "张", "certificates": [ { "type": "tower-crane-driver", "number": "1", "validFrom": "2026-01-01", "validTo": "2026-12-31" } ] } ],
          "policies": [ { "number": "p1", "insurer": "i", "validFrom": "2026-01-01", "validTo": "2026-12-31" } ] }
        """;
}
