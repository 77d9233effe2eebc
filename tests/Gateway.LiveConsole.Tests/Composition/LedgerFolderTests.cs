using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;
using Gateway.Testing;
using Xunit;

namespace Gateway.LiveConsole.Tests.Composition;

/// <summary>A ledger as a folder: what is in its tables, and where each of their faults is.</summary>
public sealed class LedgerFolderTests : IDisposable
{
    private const string Devices = "编号,名称,英文名称,类型,设备模板,链路,安全装置,启用日期,上报间隔秒\r\n";
    private const string Operators = "id,name.zh,certificates.type,certificates.number,certificates.validFrom,certificates.validTo\n";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("gb18030", false)]
    public void Devices_and_operators_of_tables_are_in_the_ledger_in_either_encoding(string encoding, bool mark)
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [ { "id": "c0", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt" } ] }""");
        Table("devices.csv", Devices + "c1,1# 塔机,Tower crane 1,crane,crane-json,mqtt,是,2026/3/1,2.5\r\n\r\n\"c2\",\"䶮𠮷\n\"\"塔机\"\"\",,crane,crane-json,mqtt,否,,\r\n", encoding, mark);
        Table("operators.csv", Operators + "o1,张示范,塔机司机,浙A052026000001,2026-01-01,2027年12月31日\no1,,司索信号工,浙A042026000002,2026-01-01,2026-12-31\n", encoding, mark);

        var model = Load(out var problems);

        Assert.Empty(problems.Items);
        Assert.Equal(["c0", "c1", "c2"], model!.Ledger.Devices.Select(d => d.Id));
        var first = model.Ledger.Devices[1];
        Assert.Equal((new LocalText("1# 塔机", "Tower crane 1"), true, new DateOnly(2026, 3, 1), 2_500), (first.Name, first.Safety, first.InServiceFrom!.Value, first.ExpectedMs));
        Assert.Equal(new LocalText("䶮𠮷\n\"塔机\"", "䶮𠮷\n\"塔机\""), model.Ledger.Devices[2].Name);
        var person = Assert.Single(model.Ledger.Operators);
        Assert.Equal(new LocalText("张示范", "张示范"), person.Name);
        Assert.Equal([new Certificate("tower-crane-driver", "浙A052026000001", new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31)), new Certificate("rigger-signaller", "浙A042026000002", new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31))], person.Certificates);
    }

    [Fact]
    public void Every_fault_of_every_file_is_said_with_file_row_and_column()
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "s", "class": "blue" }, "devices": [ { "id": "c0", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt" } ] }""");
        Table("devices.csv", Devices.Replace("上报间隔秒", "间隔", StringComparison.Ordinal)
            + "c0,n,,crane,crane-json,mqtt,是,2026-03-01,20\r\nc2,n,,crane,crane-json,mqtt,maybe,2026-02-30,20\r\n,n,,crane,crane-json,mqtt,1,,20,extra\r\nc4,n,,crane,crane-json,hj212,1,,20\r\nc5,n,,crane,hj212-dust,mqtt,1,,20\r\n");
        Table("operators.csv", Operators + "o1,张,塔机司机,1,2026-01-01,2025-01-01\no1,王,pilot,2.02E+19,2026-01-01,2026-12-31\n");

        Assert.Null(Load(out var problems));

        string[] places = [.. problems.Items.Select(p => $"{Path.GetFileName(p.File)} {p.Place}")];
        Assert.Equal([
            "devices.csv row 1, column 间隔", "devices.csv row 4, column 10", "operators.csv row 3, column certificates.number", "operators.csv row 3, column name.zh",
            "devices.csv row 2", "devices.csv row 3, column 启用日期", "devices.csv row 3, column 安全装置", "devices.csv row 4, column 编号", "devices.csv row 5, column mn",
            "devices.csv row 6, column 类型", "ledger.json site.class", "operators.csv row 2, column certificates.validTo", "operators.csv row 3, column certificates.type",
        ], places.Take(4).Concat(places.Skip(4).Order(StringComparer.Ordinal)));
        Assert.Equal("device \"c0\" is already at devices[0]", problems.Items.First(p => p.Place == "row 2").Text);
        Assert.Equal("expected true or false, saw \"maybe\"", problems.Items.First(p => p.Place == "row 3, column 安全装置").Text);
    }

    [Fact]
    public void A_second_row_of_a_table_says_which_row_has_the_device_already()
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "s" } }""");
        Table("devices.csv", Devices + "c1,n,,crane,crane-json,mqtt,1,,20\nc1,n,,crane,crane-json,mqtt,1,,20\n");

        Assert.Null(Load(out var problems));

        Assert.Contains(problems.Items, p => p.Place == "row 3" && p.Text == $"device \"c1\" is already at {_directory.File("devices.csv")} row 2");
    }

    [Fact]
    public void A_profile_that_cannot_read_the_link_is_a_fault_of_the_tables_row()
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "s" } }""");
        Table("devices.csv", "id,name.zh,kind,profile,link,mn\nc1,n,crane,crane-json,hj212,MN1\n");

        Assert.Null(Load(out var problems));

        Assert.Equal(("row 2, column profile", "profile crane-json says nothing about link hj212"), (Assert.Single(problems.Items).Place, problems.Items[0].Text));
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xb1, 0xe0, 0xff, 0x62 }, "byte 4")]
    [InlineData(new byte[] { 0xff, 0xfe, 0x16, 0x7f }, "byte 1")]
    public void Bytes_of_neither_encoding_are_refused_with_their_place(byte[] bytes, string place)
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "s" } }""");
        File.WriteAllBytes(_directory.File("devices.csv"), bytes);

        Assert.Null(Load(out var problems));

        Assert.Equal((_directory.File("devices.csv"), place), (Assert.Single(problems.Items).File, problems.Items[0].Place));
    }

    [Theory]
    [InlineData("c1,\"n,crane\n", "row 2")]
    [InlineData("c1,n\nc2,\"n\"n\n", "row 3")]
    public void A_quote_that_does_not_close_or_closes_early_is_refused(string rows, string place)
    {
        Json("""{ "version": 1, "site": { "id": "s1", "name": "s" } }""");
        Table("devices.csv", "id,name.zh\n" + rows);

        Assert.Null(Load(out var problems));

        Assert.Equal(place, Assert.Single(problems.Items).Place);
    }

    [Fact]
    public void Tables_beside_a_ledger_that_holds_everything_are_not_read()
    {
        Json("""{ "version": 1, "tables": false, "site": { "id": "s1", "name": "s" }, "devices": [] }""");
        Table("devices.csv", Devices + "c1,n,,crane,crane-json,mqtt,1,,20\n");

        Assert.Empty(Load(out var problems)!.Ledger.Devices);
        Assert.Empty(problems.Items);
    }

    [Fact]
    public void A_folder_without_its_json_file_is_refused()
    {
        Table("devices.csv", Devices);

        Assert.Null(Load(out var problems));

        Assert.Equal((_directory.File("ledger.json"), "no such file"), (Assert.Single(problems.Items).File, problems.Items[0].Text));
    }

    [Fact]
    public void What_a_spreadsheet_would_run_as_a_formula_comes_back_as_it_was()
    {
        IReadOnlyList<IReadOnlyList<string>> rows = [["id", "名称"], ["=1+1", "-1层"], ["a,b", "\"x\"\r\ny"], ["'", "'quoted'"]];
        var problems = new Problems();

        byte[] bytes = SpreadsheetText.Write(rows);

        Assert.Equal(rows, SpreadsheetText.Rows("t.csv", bytes, problems)!);
        Assert.Contains("\"'=1+1\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    private void Json(string text) => File.WriteAllText(_directory.File("ledger.json"), text);

    private void Table(string name, string text, string encoding = "utf-8", bool mark = false)
    {
        byte[] bytes = encoding == "utf-8" ? Encoding.UTF8.GetBytes(text) : CodePagesEncodingProvider.Instance.GetEncoding(encoding)!.GetBytes(text);
        File.WriteAllBytes(_directory.File(name), mark ? [.. Encoding.UTF8.Preamble, .. bytes] : bytes);
    }

    private SiteModel? Load(out Problems problems)
    {
        File.WriteAllText(_directory.File("gateway.json"), """{ "Gateway": { "Id": "gateway-1", "Ledger": "." } }""");
        problems = new Problems();
        return SiteModel.Load(GatewayConfiguration.Load(_directory.File("gateway.json"), problems), problems);
    }
}
