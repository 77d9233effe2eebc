using System.Text;
using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Ledger;

public sealed class LedgerComparisonTests
{
    private static readonly Dictionary<string, string> Profiles = Repository.ReadAll("src/Gateway.Service/profiles", ".json")
        .Select(f => JsonNode.Parse(f.Utf8.Span)!).ToDictionary(p => (string)p["id"]!, p => (string)p["kind"]!);

    /// <summary>Something in every member that a ledger may have, none of it the default.</summary>
    private static readonly byte[] Fullest = Repository.Read("tests/Gateway.Domain.Tests/Ledger/Cases/good/fullest.json");

    [Fact]
    public void A_ledger_is_the_same_as_itself_however_it_is_written()
    {
        string text = Encoding.UTF8.GetString(Fullest).Replace("\"name\": \"塔机\"", "\"name\": { \"en\": \"塔机\", \"zh\": \"塔机\" }", StringComparison.Ordinal);
        Assert.Empty(LedgerComparison.Of(Read(Fullest), Read(Encoding.UTF8.GetBytes("// note\n" + text))));
    }

    [Fact]
    public void No_member_can_change_without_being_seen()
    {
        var ledger = Read(Fullest);
        var unseen = new List<string>();
        int tried = 0;
        foreach (var path in Leaves(JsonNode.Parse(Fullest)!))
        {
            var root = JsonNode.Parse(Fullest)!;
            var leaf = Follow(root, path);
            if (leaf.Parent is JsonObject owner) owner.Remove((string)path[^1]);
            else ((JsonArray)leaf.Parent!).Remove(leaf);
            // What must be there is not optional: then the reader sees it.
            if (TryRead(Encoding.UTF8.GetBytes(root.ToJsonString())) is not { } other) continue;
            tried++;
            if (LedgerComparison.Of(ledger, other).Count == 0) unseen.Add(string.Join('.', path));
        }
        Assert.True(tried > 60, $"only {tried} members were taken out");
        Assert.Empty(unseen);
    }

    [Fact]
    public void Entries_that_come_go_and_change_are_told_apart_each_with_its_members()
    {
        var changes = Compare(l =>
        {
            l["devices"]![0]!["inService"] = "2026-05-01";
            var added = l["devices"]![0]!.DeepClone();
            (added["id"], added["topic"]) = ("c9", "other");
            l["devices"]!.AsArray().RemoveAt(1);
            l["devices"]!.AsArray().Add(added);
        });

        Assert.Equal([("a1", LedgerChangeKind.Removed), ("c1", LedgerChangeKind.Changed), ("c9", LedgerChangeKind.Added)], changes.Select(c => (c.Id, c.What)));
        Assert.Equal([new MemberChange("inService", "2026-02-01", "2026-05-01")], changes[1].Members);
        Assert.Contains(new MemberChange("address", null, "other#7"), changes[2].Members);
        Assert.All(changes, c => Assert.Equal("device", c.Kind));
        // One more topic has to be asked for at its broker.
        Assert.Equal([false, false, true], changes.Select(c => c.NeedsRestart));
    }

    public static TheoryData<string, Action<JsonNode>, string> Consequences => new()
    {
        { "last day", l => l["devices"]![0]!["outOfService"] = "2026-06-30", "device c1 counts from 2026-02-01 on and leaves the denominator from 2026-07-01" },
        { "never yet", l => { l["devices"]![0]!.AsObject().Remove("inService"); l["devices"]![0]!.AsObject().Remove("outOfService"); }, "device c1 is not counted: it has no first day in service" },
        { "topic", l => l["devices"]![0]!["topic"] = "new", "the address of device c1 changes (mqtt@yard up#7 → mqtt@yard new#7): its messages become unregistered until the device is set" },
        { "safety", l => l["devices"]![0]!["safety"] = false, "device c1 leaves the rate of the safety devices" },
        { "silence", l => l["devices"]![0]!["offlineAfterSeconds"] = 10, "device c1 is offline after 10 s of silence instead of 9 s" },
        { "bus", l => l["buses"]![0]!["baud"] = 4800, "bus b1 is opened again: its 1 devices pause for a moment" },
        { "client gone", l => { l["clients"]!.AsArray().Clear(); l["devices"]![4]!.AsObject().Remove("login"); }, "client dtu-1 can no longer sign in" },
        { "operator gone", l => l["operators"]!.AsArray().Clear(), "operator o1 is no longer known: time at the controls counts as uncertified" },
        { "policy", l => l["policies"]![0]!["kind"] = "safety-liability", "policy p1 covers the site from 2026-01-01 to 2026-12-31" },
        { "time zone", l => l["site"]!["timeZone"] = "Asia/Shanghai", "the time zone changes: needs a restart; days begin and end at other moments" },
    };

    [Theory]
    [MemberData(nameof(Consequences), DisableDiscoveryEnumeration = true)]
    public void A_change_says_what_follows_from_it(string what, Action<JsonNode> change, string words)
    {
        var said = Compare(change).SelectMany(c => c.Consequences).Select(c => c.En).ToList();
        Assert.True(said.Contains(words), $"{what}: {string.Join("; ", said)}");
    }

    [Fact]
    public void A_secret_that_changes_is_seen_and_not_shown()
    {
        var changed = Assert.Single(Compare(l => l["clients"]![0]!["password"] = "pbkdf2-sha256$2$BBBB$BBBB"));
        var member = Assert.Single(changed.Members);
        Assert.Equal(("password", 10, 10), (member.Member, member.Old!.Length, member.New!.Length));
        Assert.DoesNotContain("BBBB", member.New, StringComparison.Ordinal);
    }

    private static IReadOnlyList<LedgerChange> Compare(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(Fullest)!;
        change(root);
        return LedgerComparison.Of(Read(Fullest), Read(Encoding.UTF8.GetBytes(root.ToJsonString())));
    }

    private static IEnumerable<List<object>> Leaves(JsonNode node)
    {
        var children = node switch
        {
            JsonObject o => o.Select(m => ((object)m.Key, m.Value!)),
            JsonArray a => a.Select((item, i) => ((object)i, item!)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            yield return [key];
            foreach (var deeper in Leaves(child)) yield return [key, .. deeper];
        }
    }

    private static JsonNode Follow(JsonNode root, List<object> path) => path.Aggregate(root, (node, key) => key is int index ? node[index]! : node[(string)key]!);

    private static SiteLedger Read(byte[] utf8)
    {
        var problems = new Problems();
        return LedgerReader.Read("ledger.json", utf8, Profiles, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Items));
    }

    private static SiteLedger? TryRead(byte[] utf8) => LedgerReader.Read("ledger.json", utf8, Profiles, new Problems());
}
