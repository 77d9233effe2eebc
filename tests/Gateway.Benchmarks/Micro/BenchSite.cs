using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Testing;

namespace Gateway.Benchmarks.Micro;

/// <summary>The site of the load generator: one profile, one rule, 500 devices; and the message they send.</summary>
internal sealed class BenchSite
{
    public const int Devices = 500;

    /// <summary>175 bytes, as the load generator writes it.</summary>
    public static readonly byte[] Message =
        Encoding.UTF8.GetBytes("""{"ts":1772676000000,"seq":123456,"sent_ns":24329054968610,"weight":3.42,"moment":0.4213,"radius":31.55,"height":48.2,"slew":182.4,"wind":6.31,"tilt":0.42,"operator":"op-0042"}""");

    public BenchSite()
    {
        var problems = new Problems();
        var catalog = ProfileCatalog.Load(Repository.ReadAll("tests/Gateway.Benchmarks/site/profiles", ".json"), problems);
        Rules = [.. Repository.ReadAll("tests/Gateway.Benchmarks/site/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, problems))];
        string devices = string.Join(",\n", Enumerable.Range(0, Devices).Select(i =>
            $$"""{ "id": "{{i}}", "name": "{{i}}", "kind": "crane", "profile": "bench-telemetry", "link": "mqtt", "topic": "site/s{{i % 10}}/crane/{{i}}", "inService": "2026-01-01" }"""));
        string text = $$"""{ "version": 1, "site": { "id": "bench", "name": "bench" }, "devices": [ {{devices}} ] }""";
        Ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(text), catalog.KindsByProfile, problems) ?? throw new InvalidOperationException(string.Join("; ", problems.Items));
        Directory = new DeviceDirectory(Ledger, catalog);
    }

    public SiteLedger Ledger { get; }

    public DeviceDirectory Directory { get; }

    public IReadOnlyList<Rule> Rules { get; }

    public TextTable Texts { get; } = new();

    public SiteEngine Engine(long nowMs) => new(Ledger, [.. Directory.Registered.Select(r => r.Profile.Device)], Rules, Texts, "bench", nowMs);
}
