using System.Text;
using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Xunit;

namespace Gateway.Domain.Tests.Ledger;

/// <summary>What a running gateway takes over, and what waits for a restart.</summary>
public sealed class LedgerRestartTests
{
    private const string Site = """
        { "version": 1, "site": { "id": "s1", "name": "s", "timeZone": "Asia/Shanghai" },
          "buses": [ { "id": "m1", "name": "m", "port": "/dev/a" }, { "id": "h1", "name": "h", "port": "/dev/b", "protocol": "hj212" } ],
          "devices": [
            { "id": "own", "name": "d", "kind": "crane", "profile": "crane-json", "link": "mqtt" },
            { "id": "far", "name": "d", "kind": "crane", "profile": "crane-json", "link": "mqtt", "broker": "yard", "topic": "far" },
            { "id": "edge", "name": "d", "kind": "crane", "profile": "crane-json", "link": "sparkplug", "sparkplug": "g/n" },
            { "id": "dust", "name": "d", "kind": "dust", "profile": "hj212-dust", "link": "hj212", "mn": "1" } ] }
        """;

    private static readonly Dictionary<string, string> Profiles = new() { ["crane-json"] = "crane", ["other-json"] = "crane", ["hj212-dust"] = "dust" };

    public static TheoryData<string, bool, Action<JsonNode>> Changes => new()
    {
        { "site name", false, l => l["site"]!["name"] = "other" },
        { "time zone", true, l => l["site"]!["timeZone"] = "UTC" },
        { "our own topic", false, l => l["devices"]![0]!["topic"] = "other" },
        { "profile", false, l => l["devices"]![0]!["profile"] = "other-json" },
        { "device leaves", false, l => l["devices"]!.AsArray().RemoveAt(0) },
        { "from us to a broker", true, l => (l["devices"]![0]!["broker"], l["devices"]![0]!["topic"]) = ("yard", "x") },
        { "topic behind a broker", true, l => l["devices"]![1]!["topic"] = "other" },
        { "patience behind a broker", false, l => l["devices"]![1]!["offlineAfterSeconds"] = 100 },
        { "leaves a broker", false, l => l["devices"]!.AsArray().RemoveAt(1) },
        { "sparkplug address", true, l => l["devices"]![2]!["sparkplug"] = "g/other" },
        { "sparkplug leaves", true, l => l["devices"]!.AsArray().RemoveAt(2) },
        { "sparkplug patience", false, l => l["devices"]![2]!["offlineAfterSeconds"] = 100 },
        { "MN", false, l => l["devices"]![3]!["mn"] = "2" },
        { "modbus bus", false, l => l["buses"]![0]!["baud"] = 4800 },
        { "modbus bus leaves", false, l => l["buses"]!.AsArray().RemoveAt(0) },
        { "serial line", true, l => l["buses"]![1]!["baud"] = 4800 },
        { "serial line leaves", true, l => l["buses"]!.AsArray().RemoveAt(1) },
        { "name of a serial line", false, l => l["buses"]![1]!["name"] = "other" },
        { "bus becomes a line", true, l => l["buses"]![0]!["protocol"] = "hj212" },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Only_what_a_running_gateway_cannot_follow_needs_a_restart(string what, bool restart, Action<JsonNode> change)
    {
        var root = JsonNode.Parse(Site)!;
        change(root);
        var changes = LedgerComparison.Of(Read(Site), Read(root.ToJsonString()));
        Assert.NotEmpty(changes);
        Assert.True(restart == changes.Any(c => c.NeedsRestart), what);
        // And the person who reads it is told why.
        Assert.All(changes.Where(c => c.NeedsRestart), c => Assert.Contains(c.Consequences, t => t.En.Contains("needs a restart", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mqtt", "site/s1/crane/x")]
    [InlineData("mqtt", "vendor/up#A1024")]
    [InlineData("mqtt@yard", "vendor/up")]
    [InlineData("sparkplug", "group/node/device")]
    [InlineData("hj212", "NB02")]
    [InlineData("goyo", "TC000001")]
    [InlineData("tx101", "3302-000001")]
    public void A_stranger_that_is_adopted_has_the_address_it_was_heard_at(string link, string address)
    {
        var (kind, profile) = link == "hj212" ? ("dust", "hj212-dust") : ("crane", "crane-json");
        var adoption = new Adoption(link, address, "new", new LocalText("新", "New"), kind, profile) { ExpectedSeconds = 2, OfflineAfterSeconds = 7, Safety = true, InServiceFrom = new DateOnly(2026, 3, 5) };
        var ledger = Read(Encoding.UTF8.GetString(LedgerDocument.Of("ledger.json", Encoding.UTF8.GetBytes("// comment\n" + Site), []).WithDevice(adoption.ToEntry()).Utf8.Span));
        var device = ledger.Devices[^1];
        Assert.Equal((5, link, address), (ledger.Devices.Count, device.LinkName, device.Address));
        Assert.Equal(("New", 2_000, 7_000, true, new DateOnly(2026, 3, 5)), (device.Name.En, device.ExpectedMs, device.OfflineAfterMs, device.Safety, device.InServiceFrom!.Value));
    }

    private static SiteLedger Read(string text)
    {
        var problems = new Problems();
        return LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(text), Profiles, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Items));
    }
}
