namespace Gateway.Domain.Ledger;

/// <summary>A section of the ledger that may come as a spreadsheet instead.</summary>
/// <param name="Section">Member of the ledger that the rows belong to.</param>
/// <param name="List">Where one entry has several rows: the list that each row adds an item to, else null.</param>
public sealed record LedgerTable(string Section, string? List, IReadOnlyList<LedgerColumn> Columns)
{
    /// <summary>Member of <c>ledger.json</c>; false = the tables beside it are not read, because it holds everything.</summary>
    public const string Member = "tables";

    public string File => $"{Section}.csv";

    public static LedgerTable Devices { get; } = new("devices", null,
    [
        new("id", "编号", Example: "crane-1"),
        new("name.zh", "名称", Example: "1# 塔机"),
        new("name.en", "英文名称", Example: "Tower crane 1"),
        new("kind", "类型", Example: "crane"),
        new("profile", "设备模板", Example: "crane-json"),
        new("link", "链路", Example: "mqtt"),
        new("safety", "安全装置", CellForm.Flag, "是"),
        new("machine", "所属机械", Example: "tower-1"),
        new("place", "位置", Example: "塔顶"),
        new("expectedIntervalSeconds", "上报间隔秒", CellForm.Number, "20"),
        new("offlineAfterSeconds", "离线判定秒", CellForm.Number),
        new("inService", "启用日期", CellForm.Date, "2026-03-01"),
        new("outOfService", "停用日期", CellForm.Date),
        new("registration", "备案编号"),
        new("bus", "总线"),
        new("unit", "从站地址", CellForm.Number),
        new("priority", "优先级") { Words = Words(("高", "high"), ("普通", "normal"), ("低", "low")) },
        new("topic", "主题"),
        new("serial", "序列号"),
        new("broker", "代理服务器"),
        new("login", "登录客户端"),
        new("password", "密码散列"),
        new("certificate", "客户端证书"),
        new("mn", "MN号"),
        new("hj212.crc", "HJ212校验"),
        new("hj212.setIntervals", "HJ212设置间隔", CellForm.Flag),
        new("hj212.minuteInterval", "HJ212分钟间隔", CellForm.Number),
        new("sparkplug", "Sparkplug地址"),
        new("station", "站号"),
    ]);

    /// <summary>A person with several certificates has a row for each.</summary>
    public static LedgerTable Operators { get; } = new("operators", "certificates",
    [
        new("id", "工号", Example: "op-1001"),
        new("name.zh", "姓名", Example: "张示范"),
        new("name.en", "英文姓名", Example: "Zhang Shifan"),
        new("codeColour", "建安码颜色", Example: "green") { Words = Words(("绿", "green"), ("黄", "yellow"), ("红", "red"), ("绿码", "green"), ("黄码", "yellow"), ("红码", "red")) },
        new("codeColourOn", "建安码日期", CellForm.Date, "2026-03-01"),
        new("certificates.type", "证书类型", Example: "tower-crane-driver")
        {
            Words = Words(("建筑电工", "electrician"), ("普通架子工", "scaffolder"), ("附着升降架子工", "climbing-scaffolder"), ("司索信号工", "rigger-signaller"), ("塔机司机", "tower-crane-driver"), ("施工升降机司机", "hoist-driver"),
                ("物料提升机司机", "material-hoist-driver"), ("塔机安拆工", "tower-crane-erector"), ("施工升降机安拆工", "hoist-erector"), ("物料提升机安拆工", "material-hoist-erector"), ("吊篮安拆工", "basket-installer")),
        },
        new("certificates.number", "证书编号", Example: "浙A052026000001"),
        new("certificates.validFrom", "有效期起", CellForm.Date, "2026-01-01"),
        new("certificates.validTo", "有效期止", CellForm.Date, "2027-12-31"),
    ]);

    public static IReadOnlyList<LedgerTable> All { get; } = [Devices, Operators];

    /// <summary>The column of a header in either language; null when there is none.</summary>
    public LedgerColumn? Find(string header) => Columns.FirstOrDefault(c => string.Equals(c.Member, header, StringComparison.OrdinalIgnoreCase) || string.Equals(c.Chinese, header, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, string> Words(params ReadOnlySpan<(string Chinese, string Word)> words)
    {
        var list = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (chinese, word) in words) list.Add(chinese, word);
        return list;
    }
}
