using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Commands;
using Gateway.Service.Composition;
using Gateway.Store;
using Gateway.Testing;
using Xunit;

namespace Gateway.LiveConsole.Tests;

/// <summary><c>gateway ledger …</c> on files of its own.</summary>
public sealed class LedgerCommandTests : IDisposable
{
    private const string Site = """{ "version": 1, "site": { "id": "s1", "name": "s" }, "devices": [ { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-01-01" } ] }""";

    private readonly TempDirectory _directory = new();

    public LedgerCommandTests()
    {
        Configure("ledger.json");
        Put("ledger.json", Site);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void The_template_is_a_ledger_that_can_be_read_and_is_never_written_over(string language)
    {
        Assert.Equal(0, Run("template", File("t"), "--lang", language));
        Assert.Equal(1, Run("template", File("t"), "--lang", language));

        Configure("t");
        var model = Load(out var problems);

        Assert.Empty(problems.Items);
        Assert.Equal(("crane-1", "tower-1", true), (model!.Ledger.Devices[0].Id, model.Ledger.Devices[0].Machine, model.Ledger.Devices[0].Safety));
        Assert.Equal("tower-crane-driver", model.Ledger.Operators[0].Certificates[0].Type);
        Assert.Contains("crane-json", System.IO.File.ReadAllText(File("t/allowed-values.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_exported_as_tables_is_the_same_ledger_when_it_is_read_again()
    {
        System.IO.File.Copy(Path.Combine(Repository.Root, "deploy/demo-site/ledger.json"), File("ledger.json"), overwrite: true);
        var before = Load(out _)!;

        Assert.Equal(0, Run("export", "--csv", File("out"), "--config", File("gateway.json")));
        Configure("out");
        var after = Load(out var problems);

        Assert.Empty(problems.Items);
        // A port lies beside its ledger, and that is another folder now.
        Assert.DoesNotContain(LedgerComparison.Of(before.Ledger, after!.Ledger), c => c.Kind != "bus");
        Assert.DoesNotContain("\"devices\"", System.IO.File.ReadAllText(File("out/ledger.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Applying_keeps_the_old_ledger_journals_the_change_and_writes_the_file()
    {
        var old = Load(out _)!;
        Put("new.json", Site.Replace("2026-01-01", "2026-02-01", StringComparison.Ordinal));

        Assert.Equal(0, Run("diff", File("new.json"), "--config", File("gateway.json")));
        Assert.Equal(old.LedgerSha256, Load(out _)!.LedgerSha256);
        Assert.Equal(0, Run("apply", File("new.json"), "--note", "crane came later", "--config", File("gateway.json")));

        var model = Load(out _)!;
        Assert.Equal(new DateOnly(2026, 2, 1), model.Ledger.Devices[0].InServiceFrom);
        Assert.Equal(Site, System.IO.File.ReadAllText(File($"store/ledgers/ledger-{old.LedgerSha256}.json")));
        var row = JsonNode.Parse(Assert.Single(Journal("ledger")))!;
        Assert.Equal((old.LedgerSha256, model.LedgerSha256, "crane came later", 1), ((string?)row["before"], (string?)row["after"], (string?)row["note"], (int)row["count"]!));
        Assert.Equal("""{"member":"inService","old":"2026-01-01","new":"2026-02-01"}""", row["changes"]![0]!["members"]![0]!.ToJsonString());
        using var reader = new StateReader(File("store/state.db"));
        Assert.Equal(("ledger.apply", model.LedgerSha256, "crane came later"), (reader.Audit(long.MaxValue, 1).Rows[0].What, reader.Audit(long.MaxValue, 1).Rows[0].Target, reader.Audit(long.MaxValue, 1).Rows[0].Detail));
    }

    [Fact]
    public void An_invalid_ledger_changes_nothing()
    {
        Put("new.json", Site.Replace("crane-json", "no-such-profile", StringComparison.Ordinal));

        Assert.Equal(1, Run("apply", File("new.json"), "--note", "n", "--config", File("gateway.json")));

        Assert.Equal(Site, System.IO.File.ReadAllText(File("ledger.json")));
        Assert.False(Directory.Exists(File("store/ledgers")));
    }

    [Fact]
    public void What_changes_nothing_is_not_journalled()
    {
        Put("new.json", "// the same\n" + Site);

        Assert.Equal(0, Run("apply", File("new.json"), "--note", "n", "--config", File("gateway.json")));

        Assert.Equal(Site, System.IO.File.ReadAllText(File("ledger.json")));
    }

    [Fact]
    public void A_broken_ledger_is_kept_and_replaced()
    {
        Put("ledger.json", "{ broken");
        Put("new.json", Site);

        Assert.Equal(0, Run("apply", File("new.json"), "--note", "mended", "--config", File("gateway.json")));

        Assert.Single(Load(out _)!.Ledger.Devices);
        Assert.Equal("{ broken", System.IO.File.ReadAllText(Assert.Single(Directory.GetFiles(File("store/ledgers")))));
        Assert.Null(JsonNode.Parse(Assert.Single(Journal("ledger")))!["count"]);
    }

    [Fact]
    public void Applied_to_a_folder_the_json_file_holds_everything_and_the_tables_are_put_aside()
    {
        Run("template", File("t"));
        Configure("t");
        Put("new.json", Site);

        Assert.Equal(0, Run("apply", File("new.json"), "--note", "n", "--config", File("gateway.json")));

        Assert.Equal(["c1"], Load(out var problems)!.Ledger.Devices.Select(d => d.Id));
        Assert.Empty(problems.Items);
        Assert.True(System.IO.File.Exists(File("t/devices.csv.applied")));
        // As after a cut between the two steps: the table is back, and is not read.
        System.IO.File.Move(File("t/devices.csv.applied"), File("t/devices.csv"));
        Assert.Equal(["c1"], Load(out _)!.Ledger.Devices.Select(d => d.Id));
    }

    private string File(string name) => _directory.File(name);

    private void Put(string name, string text) => System.IO.File.WriteAllText(File(name), text);

    private void Configure(string ledger) => Put("gateway.json", $$"""{ "Gateway": { "Id": "gateway-1", "Ledger": "{{ledger}}" }, "Store": { "Directory": "store" } }""");

    private SiteModel? Load(out Problems problems)
    {
        problems = new Problems();
        return SiteModel.Load(GatewayConfiguration.Load(File("gateway.json"), problems), problems);
    }

    private static int Run(params string[] arguments) => LedgerCommand.Create().Parse(arguments).Invoke();

    private List<string> Journal(string kind)
    {
        using var reader = new StateReader(File("store/state.db"));
        return [.. reader.Journal(kind, long.MaxValue, 100).Bodies.Select(System.Text.Encoding.UTF8.GetString)];
    }
}
