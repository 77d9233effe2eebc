using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Rules;
using Gateway.Store;
using Gateway.Testing;

namespace Gateway.Tests.Simulation;

/// <summary>What all lives share and nobody changes: profiles, rules, ledgers of two to four devices, empty databases.</summary>
internal static class SimulatedSite
{
    public const string Gateway = "gw-sim";

    private static readonly Problems Problems = new();

    private static readonly string[] Entries =
    [
        """{ "id": "c1", "name": "1", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" }""",
        """{ "id": "c2", "name": "2", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" }""",
        """{ "id": "w1", "name": "3", "kind": "wind", "profile": "renke-fsjt-n01", "link": "modbus", "bus": "b1", "unit": 1, "inService": "2026-01-01" }""",
        """{ "id": "c3", "name": "4", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-03-06" }""",
    ];

    private static readonly SiteLedger[] Ledgers;

    static SimulatedSite()
    {
        Catalog = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), Problems);
        Rules = [.. Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, Problems))];
        Ledgers = [.. Enumerable.Range(2, Entries.Length - 1).Select(Read)];
        (EmptyState, EmptyTelemetry) = MakeEmpty();
    }

    public static ProfileCatalog Catalog { get; }

    public static IReadOnlyList<Rule> Rules { get; }

    /// <summary>A database file with its schema and no rows.</summary>
    public static byte[] EmptyState { get; }

    public static byte[] EmptyTelemetry { get; }

    public static SiteLedger Ledger(int devices) => Ledgers[devices - 2];

    /// <summary>A folder in memory, where there is one: nothing is gained by syncing what is thrown away.</summary>
    public static DirectoryInfo MakeFolder()
    {
        string memory = "/dev/shm";
        return System.IO.Directory.CreateDirectory(Path.Combine(System.IO.Directory.Exists(memory) ? memory : Path.GetTempPath(), $"gateway-sim-{Guid.NewGuid():n}"));
    }

    private static SiteLedger Read(int devices)
    {
        string text = $$"""
            { "version": 1, "site": { "id": "s1", "name": "s" }, "buses": [ { "id": "b1", "name": "b", "port": "/dev/none" } ],
              "devices": [ {{string.Join(',', Entries.Take(devices))}} ], "operators": [],
              "policies": [ { "number": "p1", "insurer": "i", "validFrom": "2026-01-01", "validTo": "2026-12-31" } ] }
            """;
        return LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(text), Catalog.KindsByProfile, Problems) ?? throw new InvalidOperationException(string.Join("; ", Problems.Items));
    }

    private static (byte[], byte[]) MakeEmpty()
    {
        var folder = MakeFolder();
        try
        {
            string state = Path.Combine(folder.FullName, StateStore.Name), telemetry = Path.Combine(folder.FullName, TelemetryStore.Name);
            StateStore.Open(state).Dispose();
            TelemetryStore.Open(telemetry).Dispose();
            return (File.ReadAllBytes(state), File.ReadAllBytes(telemetry));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
