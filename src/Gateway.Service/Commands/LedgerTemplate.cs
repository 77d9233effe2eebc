using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;

namespace Gateway.Service.Commands;

/// <summary>A folder to begin a ledger with: the site in JSON, devices and operators as tables with an example row each, and every word that may stand in them.</summary>
internal static class LedgerTemplate
{
    private const string Site = """
        {
          "version": 1,
          "site": { "id": "site-1", "name": { "zh": "示范工地", "en": "Demonstration site" }, "timeZone": "Asia/Shanghai", "class": "green" },
          "enterprises": [
            { "id": "builder", "name": { "zh": "示范建设", "en": "Demo Construction" }, "role": "contractor" },
            { "id": "lessor", "name": { "zh": "示范租赁", "en": "Demo Leasing" }, "role": "lessor" }
          ],
          "machines": [
            { "id": "tower-1", "name": { "zh": "1# 塔机", "en": "Tower crane 1" }, "type": "tower-crane", "registration": "DEMO-REG-0001", "filing": "DEMO-FILE-0001", "model": "DEMO-6013", "maker": "示范机械", "lessor": "lessor",
              "geometry": { "x": 0, "y": 0, "baseHeightM": 0, "heightM": 45, "jibM": 60, "counterJibM": 15, "slewOffsetDeg": 0 } }
          ],
          "calendars": [
            { "id": "site", "workdays": ["mon", "tue", "wed", "thu", "fri", "sat"], "hours": [ { "from": "06:00", "to": "22:00" } ], "holidays": ["2026-10-01"], "extraWorkdays": [] }
          ],
          "buses": [],
          "policies": [
            { "number": "DEMO-0001", "kind": "safety-liability", "insurer": "示范保险", "insured": "示范建设", "validFrom": "2026-01-01", "validTo": "2026-12-31" }
          ]
        }

        """;

    public static int Write(string folder, bool chinese) => WriteNew(folder,
    [
        (LedgerFiles.JsonName, Encoding.UTF8.GetBytes(Site)),
        .. LedgerTable.All.Select(t => (t.File, SpreadsheetText.Write([TableText.Header(t, chinese), [.. t.Columns.Select(c => c.Example)]]))),
        ("allowed-values.csv", SpreadsheetText.Write([chinese ? ["列", "允许值", "说明"] : ["column", "value", "meaning"], .. Allowed()])),
    ]);

    /// <summary>Writes files, but over none that is there.</summary>
    public static int WriteNew(string folder, IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        Directory.CreateDirectory(folder);
        if (files.FirstOrDefault(f => File.Exists(Path.Combine(folder, f.Name))).Name is { } there)
        {
            Console.Error.WriteLine($"gateway: {Path.Combine(folder, there)} is there already / 文件已存在");
            return 1;
        }
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            Console.WriteLine(Path.Combine(folder, name));
        }
        return 0;
    }

    private static IEnumerable<IReadOnlyList<string>> Allowed()
    {
        foreach (var (profile, kind) in SiteModel.LoadProfiles(null, new Problems()).KindsByProfile.OrderBy(p => p.Key, StringComparer.Ordinal)) yield return ["devices.profile", profile, $"kind = {kind}"];
        foreach (string link in LedgerWords.Links.Keys) yield return ["devices.link", link, ""];
        foreach (string rule in LedgerWords.Hj212CrcRules.Keys) yield return ["devices.hj212.crc", rule, ""];
        foreach (var table in LedgerTable.All)
            foreach (var column in table.Columns)
            {
                foreach (var (chinese, word) in column.Words) yield return [$"{table.Section}.{column.Member}", word, chinese];
                if (column.Form == CellForm.Flag) yield return [$"{table.Section}.{column.Member}", "是 否 yes no true false 1 0", ""];
                if (column.Form == CellForm.Date) yield return [$"{table.Section}.{column.Member}", "2026-01-31 2026/1/31 2026.1.31 2026年1月31日", ""];
            }
        foreach (string type in LedgerWords.MachineTypes.Keys) yield return ["machines.type", type, ""];
        foreach (string role in LedgerWords.Roles.Keys) yield return ["enterprises.role", role, ""];
        foreach (string kind in LedgerWords.PolicyKinds.Keys) yield return ["policies.kind", kind, ""];
        foreach (string protocol in LedgerWords.Protocols.Keys) yield return ["buses.protocol", protocol, ""];
        foreach (string day in LedgerWords.Days.Keys) yield return ["calendars.workdays", day, ""];
        foreach (string c in LedgerWords.SiteClasses.Keys) yield return ["site.class", c, ""];
    }
}
