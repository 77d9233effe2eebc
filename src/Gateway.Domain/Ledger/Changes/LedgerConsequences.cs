using System.Globalization;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>What a change of the ledger means for what the gateway does and counts, in words.</summary>
internal static class LedgerConsequences
{
    public static IReadOnlyList<LocalText> OfSite(LedgerChange change)
    {
        var said = new List<LocalText>();
        if (Has(change, "id")) said.Add(new("工地编号变化：需要重启；此后的数据属于新的工地编号，默认主题也随之改变", "the site's id changes: needs a restart; from then on data belongs to the new id, and default topics change with it"));
        if (Has(change, "timeZone")) said.Add(new("时区变化：需要重启；每天的起止时刻随之改变", "the time zone changes: needs a restart; days begin and end at other moments"));
        if (Has(change, "class")) said.Add(new("工地等级变化：扬尘等限值随之改变", "the site's class changes, and limits that depend on it"));
        return said;
    }

    public static IReadOnlyList<LocalText> OfBus(Bus? bus, LedgerChange change, SiteLedger after)
    {
        if (bus is null) return [new($"总线 {change.Id} 停止", $"bus {change.Id} stops")];
        if (change.What == LedgerChangeKind.Added) return [new($"总线 {bus.Id} 启动", $"bus {bus.Id} starts")];
        if (change.Members.All(m => m.Member == "name")) return [];
        int behind = after.Devices.Count(d => d.Bus == bus.Id);
        return [new($"总线 {bus.Id} 重新打开：其上 {behind} 台设备短暂停止通信", $"bus {bus.Id} is opened again: its {behind} devices pause for a moment")];
    }

    public static IReadOnlyList<LocalText> OfDevice(Device? old, Device? @new, LedgerChange change)
    {
        if (old is null) return [Counting(@new!)];
        if (@new is null)
            return [new($"设备 {old.Id} 立即退出分母，其消息成为未登记；已拆除的设备应填写停用日期而不是删除", $"device {old.Id} leaves the denominator at once and its messages become unregistered; one that is dismantled should get outOfService instead")];
        var said = new List<LocalText>();
        if (Has(change, "inService") || Has(change, "outOfService")) said.Add(Counting(@new));
        if (Has(change, "safety")) said.Add(@new.Safety ? new($"设备 {@new.Id} 计入安全装置在线率", $"device {@new.Id} counts among the safety devices") : new($"设备 {@new.Id} 退出安全装置在线率", $"device {@new.Id} leaves the rate of the safety devices"));
        if (Has(change, "link") || Has(change, "address") || Has(change, "bus") || Has(change, "broker"))
            said.Add(new($"设备 {@new.Id} 的地址变化（{old.LinkName} {old.Address} → {@new.LinkName} {@new.Address}）：设备改好之前其消息为未登记", $"the address of device {@new.Id} changes ({old.LinkName} {old.Address} → {@new.LinkName} {@new.Address}): its messages become unregistered until the device is set"));
        if (Has(change, "kind") || Has(change, "profile")) said.Add(new($"设备 {@new.Id} 的消息改用模板 {@new.Profile} 解析", $"messages of device {@new.Id} are read with profile {@new.Profile}"));
        if (Has(change, "offlineAfterSeconds")) said.Add(new($"设备 {@new.Id} 静默 {Seconds(@new.OfflineAfterMs)} 秒后判为离线（原 {Seconds(old.OfflineAfterMs)} 秒）", $"device {@new.Id} is offline after {Seconds(@new.OfflineAfterMs)} s of silence instead of {Seconds(old.OfflineAfterMs)} s"));
        if (Has(change, "login") || Has(change, "password") || Has(change, "certificate")) said.Add(Credentials(@new.Id));
        return said;
    }

    public static IReadOnlyList<LocalText> OfClient(Client? old, Client? @new, LedgerChange change)
    {
        if (@new is null) return [new($"客户端 {change.Id} 不能再登录", $"client {change.Id} can no longer sign in")];
        if (old is null) return [];
        var said = new List<LocalText>();
        if (Has(change, "user") || Has(change, "password") || Has(change, "certificate")) said.Add(Credentials(change.Id));
        if (Has(change, "publish") || Has(change, "subscribe")) said.Add(new($"客户端 {change.Id} 的主题权限变化", $"the topics that client {change.Id} may use change"));
        return said;
    }

    public static IReadOnlyList<LocalText> OfOperator(Operator? old, Operator? @new, LedgerChange change)
    {
        if (@new is null) return [new($"操作人员 {change.Id} 不再被认识：其操作时间计为无证", $"operator {change.Id} is no longer known: time at the controls counts as uncertified")];
        return old is not null && Has(change, "certificates") ? [new($"操作人员 {change.Id} 的持证情况变化", $"what operator {change.Id} may operate changes")] : [];
    }

    public static IReadOnlyList<LocalText> OfPolicy(Policy? old, Policy? @new, LedgerChange change)
    {
        if (old?.Kind != PolicyKind.SafetyLiability && @new?.Kind != PolicyKind.SafetyLiability) return [];
        if (@new is null) return [new($"保单 {change.Id} 不再计入安责险", $"policy {change.Id} no longer counts as cover of the site")];
        if (old is not null && !Has(change, "validFrom") && !Has(change, "validTo") && !Has(change, "kind")) return [];
        return [@new.Kind == PolicyKind.SafetyLiability
            ? new($"保单 {change.Id} 自 {Day(@new.ValidFrom)} 至 {Day(@new.ValidTo)} 计入安责险", $"policy {change.Id} covers the site from {Day(@new.ValidFrom)} to {Day(@new.ValidTo)}")
            : new($"保单 {change.Id} 不再计入安责险", $"policy {change.Id} no longer counts as cover of the site")];
    }

    private static LocalText Counting(Device device) => (device.InServiceFrom, device.InServiceTo) switch
    {
        (null, _) => new($"设备 {device.Id} 不计入（没有启用日期）", $"device {device.Id} is not counted: it has no first day in service"),
        ({ } from, null) => new($"设备 {device.Id} 自 {Day(from)} 起计入分母", $"device {device.Id} counts from {Day(from)} on"),
        ({ } from, { } to) => new($"设备 {device.Id} 自 {Day(from)} 起计入分母，{Day(to.AddDays(1))} 起退出", $"device {device.Id} counts from {Day(from)} on and leaves the denominator from {Day(to.AddDays(1))}"),
    };

    private static LocalText Credentials(string id) => new($"{id} 的登录凭据变化", $"{id} must sign in differently");

    private static bool Has(LedgerChange change, string member) => change.Members.Any(m => m.Member == member);

    private static string Seconds(int ms) => (ms / 1000.0).ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
