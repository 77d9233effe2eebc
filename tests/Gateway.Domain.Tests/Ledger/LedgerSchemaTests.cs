using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Ledger;

/// <summary>The published schema and the reader say the same of the form of a ledger; of what entries say about each other the reader says more.</summary>
public sealed class LedgerSchemaTests
{
    private const string Cases = "tests/Gateway.Domain.Tests/Ledger/Cases/";

    private static readonly Dictionary<string, string> Profiles = Repository.ReadAll("src/Gateway.Service/profiles", ".json")
        .Select(f => JsonNode.Parse(f.Utf8.Span)!).ToDictionary(p => (string)p["id"]!, p => (string)p["kind"]!);

    private static readonly JsonObject Schema = JsonNode.Parse(Repository.Read("src/Gateway.Service/schemas/ledger.schema.json"))!.AsObject();

    private static readonly SchemaVerdict Verdict = new(Schema);

    public static TheoryData<string, bool> Files
    {
        get
        {
            var files = new TheoryData<string, bool>();
            foreach (var (file, _) in Repository.ReadAll(Cases + "good", ".json")) files.Add($"{Cases}good/{file}", true);
            foreach (var (file, _) in Repository.ReadAll(Cases + "bad", ".json")) files.Add($"{Cases}bad/{file}", false);
            files.Add("deploy/demo-site/ledger.json", true);
            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Schema_and_reader_agree_on_the_cases(string file, bool good)
    {
        byte[] utf8 = Repository.Read(file);
        Assert.Equal((good, good), (Verdict.Accepts(JsonNode.Parse(utf8)), Reads(utf8)));
    }

    [Fact]
    public void Whatever_of_a_full_ledger_is_of_another_type_both_refuse()
    {
        var disagree = new List<string>();
        int tried = 0;
        foreach (string path in Paths(Full(), ""))
        {
            foreach (var other in (JsonNode[])[JsonValue.Create(-987_654), JsonValue.Create(true), new JsonObject { ["zh"] = "x" }, new JsonArray(new JsonArray())])
            {
                var root = Full();
                var node = Find(root, path);
                if (node.GetValueKind() == JsonValueKind.True && other.GetValueKind() == JsonValueKind.True) continue;
                node.ReplaceWith(other.DeepClone());
                tried++;
                var verdict = (Verdict.Accepts(JsonNode.Parse(Bytes(root))), Reads(Bytes(root)));
                if (verdict != (false, false)) disagree.Add($"{path} = {other.ToJsonString()}: {verdict}");
            }
        }
        Assert.True(tried > 400, $"only {tried} were tried");
        Assert.Empty(disagree);
    }

    [Fact]
    public void An_unknown_member_anywhere_both_refuse()
    {
        foreach (string path in Paths(Full(), "").Where(p => Find(Full(), p) is JsonObject).Append(""))
        {
            var root = Full();
            (path.Length == 0 ? root : Find(root, path)).AsObject()["unknown"] = 1;
            Assert.Equal((path, false, false), (path, Verdict.Accepts(root), Reads(Bytes(root))));
        }
    }

    [Fact]
    public void What_the_schema_misses_the_reader_misses_too()
    {
        foreach (string path in Paths(Full(), ""))
        {
            var root = Full();
            var node = Find(root, path);
            if (node.Parent is not JsonObject owner) continue;
            owner.Remove(path[(path.LastIndexOf('/') + 1)..]);
            // The other way round it may be a reference that now leads nowhere.
            if (!Verdict.Accepts(root)) Assert.False(Reads(Bytes(root)), path);
            var problems = new Problems();
            LedgerReader.Read("l", Bytes(root), Profiles, problems);
            if (problems.Items.Any(p => p.Text.StartsWith("is missing", StringComparison.Ordinal) && p.Place is not ("devices" or "site.calendar"))) Assert.False(Verdict.Accepts(root), path);
        }
    }

    [Fact]
    public void The_words_of_the_schema_are_those_of_the_reader()
    {
        Same(LedgerWords.Links.Keys, "device", "link");
        Same(LedgerWords.Priorities.Keys, "device", "priority");
        Same(LedgerWords.Hj212CrcRules.Keys, "hj212", "crc");
        Same(LedgerWords.Protocols.Keys, "bus", "protocol");
        Same(LedgerWords.Transports.Keys, "bus", "transport");
        Same(LedgerWords.MachineTypes.Keys, "machine", "type");
        Same(LedgerWords.Roles.Keys, "enterprise", "role");
        Same(LedgerWords.SiteClasses.Keys, "site", "class");
        Same(LedgerWords.CodeColours.Keys, "operator", "codeColour");
        Same(LedgerWords.PolicyKinds.Keys, "policy", "kind");
        Same(CertificateTypes.All.Keys, "certificate", "type");

        static void Same(IEnumerable<string> words, string definition, string member) =>
            Assert.Equal(words, Schema["$defs"]![definition]!["properties"]![member]!["enum"]!.AsArray().Select(w => (string)w!));
    }

    [Fact]
    public void Every_column_of_a_table_is_a_member_of_the_schema()
    {
        foreach (var (table, definition) in new[] { (LedgerTable.Devices, "device"), (LedgerTable.Operators, "operator") })
        {
            var members = Schema["$defs"]![definition]!["properties"]!.AsObject().Select(p => p.Key).ToHashSet();
            Assert.Equal(members.Order(), table.Columns.Select(c => c.Member.Split('.')[0]).Distinct().Order());
        }
    }

    private static JsonObject Full() => JsonNode.Parse(Repository.Read(Cases + "good/fullest.json"))!.AsObject();

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static bool Reads(byte[] utf8) => LedgerReader.Read("ledger.json", utf8, Profiles, new Problems()) is not null;

    /// <summary>Every value but the whole, as <c>/devices/0/id</c>.</summary>
    private static IEnumerable<string> Paths(JsonNode node, string path)
    {
        var children = node switch
        {
            JsonObject o => o.Select(m => (m.Key, m.Value!)),
            JsonArray a => a.Select((item, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), item!)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            yield return $"{path}/{key}";
            foreach (string deeper in Paths(child, $"{path}/{key}")) yield return deeper;
        }
    }

    private static JsonNode Find(JsonNode root, string path) =>
        path[1..].Split('/').Aggregate(root, (node, key) => node is JsonArray a ? a[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : node[key]!);
}
