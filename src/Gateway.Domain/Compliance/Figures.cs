namespace Gateway.Domain.Compliance;

/// <summary>Every figure that is published, with its definition: pages and reports print these.</summary>
public static class Figures
{
    private static readonly FigureTerm Online = new("online", new("在线时间", "time online"), "ms");
    private static readonly FigureTerm Offline = new("offline", new("离线时间", "time offline"), "ms");
    private static readonly FigureTerm Unknown = new("unknown", new("未知时间（网关、总线等故障，设备状态无从得知）", "time unknown (gateway, bus … down: nobody could have heard the device)"), "ms");
    private static readonly FigureTerm Excused = new("excused", new("免计时间（经批准的停用；不在分母内，单独列出）", "time excused (approved suspension; not in the denominator, shown)"), "ms");
    private static readonly FigureTerm OnlineExcused = new("onlineAlthoughExcused", new("免计期间仍在线的时间（单独列出）", "time online although excused (shown)"), "ms");
    private static readonly FigureTerm NotInService = new("notInService", new("未投入使用的时间（不在分母内，单独列出）", "time not in service (not in the denominator, shown)"), "ms");

    public static Figure OnlineTime { get; } = new("online.time", new("安全装置在线率（按时间）", "safety devices online, by time"), "online / (online + offline + u·unknown)",
        [Online, Offline, Unknown, Excused, OnlineExcused, NotInService],
        new("统计期内全部安全装置的毫秒数之和。u = 1：未知计入分母而不算在线（默认）；u = 0：未知不计。", "Milliseconds of all safety devices in the window, added up. u = 1: unknown is required and not online (default); u = 0: unknown does not count."), Goal: true);

    public static Figure OnlineTimeAll { get; } = new("online.time.all", new("全部设备在线率（按时间）", "all devices online, by time"), OnlineTime.Formula, OnlineTime.Terms,
        new("与上同，统计台账内全部设备。", "The same over every device of the ledger."));

    public static Figure OnlineCount { get; } = new("online.count", new("安全装置在线率（按台数，统计截止时）", "safety devices online, by count, at the end of what is accounted"), "online / (online + offline + u·unknown)",
        [new("online", new("在线台数", "devices online"), "1"), new("offline", new("离线台数", "devices offline"), "1"), new("unknown", new("未知台数", "devices unknown"), "1"), new("excused", new("免计台数", "devices excused"), "1"), new("notInService", new("未投入使用台数", "devices not in service"), "1")],
        new("截止时刻各安全装置所处状态。", "Where each safety device stands at that moment."));

    public static Figure OnlineInUse { get; } = new("online.use", new("在线使用率", "online in use"), "workOnline / (workOnline + workOffline + u·workUnknown)",
        [new("workOnline", new("作业且在线", "working and online"), "ms"), new("workOffline", new("作业而离线（旁路）", "working and offline (bypass)"), "ms"), new("workUnknown", new("作业而未知", "working, presence unknown"), "ms"), new("workExcused", new("免计期间作业（单独列出）", "working although excused (shown)"), "ms"), new("workNotInService", new("未投入使用期间作业（单独列出）", "working although not in service (shown)"), "ms")],
        new("作业由设备在线以外的证据（载荷、回转、动力等信号）认定。", "That a machine works is known from evidence other than its presence (load, slewing, drive)."), Goal: true);

    public static Figure OperatorsCertified { get; } = new("operators.certified", new("持证上岗率", "operators certified"), "certified / operated",
        [new("certified", new("由持有效、相符证件的人员操作的作业时间", "working time with an identified operator whose certificate fits and is valid that day"), "ms"), new("operated", new("须持证操作的设备的作业时间", "working time of machines that need a certified operator"), "ms")],
        new("未识别到操作人员的作业时间算未持证。", "Working time without an identified operator counts as not certified."), Goal: true);

    public static Figure InsuranceInForce { get; } = new("insurance.days", new("安责险在保率", "insurance in force"), "covered / days",
        [new("covered", new("有保单生效的天数", "civil days covered by a policy"), "d"), new("days", new("统计期天数", "civil days of the window"), "d")],
        new("按工地所在时区的自然日。", "Civil days of the site's time zone."), Goal: true);

    public static Figure DataTransmission { get; } = new("data.transmission", new("数据传输率", "data transmission rate"), "received / expected",
        [new("received", new("实收数据（按应报时段去重）", "intervals for which a datum came, each once"), "1"), new("expected", new("应收数据", "intervals in which one was due"), "1")],
        new("补传数据计入（修复数据完整性，不修复在线时间）。", "Data sent later count: they repair completeness, never online time."));

    public static Figure DataValidity { get; } = new("data.validity", new("数据有效率", "data validity rate"), "valid / expected",
        [new("valid", new("有效数据（标记正常）", "intervals with a datum flagged good"), "1"), new("expected", new("应收数据", "intervals in which one was due"), "1")],
        new("停运、校准、故障等标记的数据无效。", "Data flagged as stopped, calibrating, broken … are not valid."));

    public static Figure DataEffective { get; } = new("data.effective", new("传输有效率", "effective transmission rate"), "(received · valid) / (expected · expected)",
        [new("received", new("实收数据", "intervals for which a datum came"), "1"), new("valid", new("有效数据", "intervals with a datum flagged good"), "1"), new("expected", new("应收数据", "intervals in which one was due"), "1")],
        new("数据传输率 × 数据有效率，只在最后向下取整一次。", "Transmission × validity, rounded down once, at the end."));

    public static IReadOnlyList<Figure> All { get; } = [OnlineTime, OnlineInUse, OperatorsCertified, InsuranceInForce, OnlineCount, OnlineTimeAll, DataTransmission, DataValidity, DataEffective];

    /// <summary>Every figure of a tally, in the catalogue's order.</summary>
    /// <param name="insurance">Of the site; null: the figure is not of this scope and left out.</param>
    public static IReadOnlyList<FigureValue> Of(Tally tally, UnknownCounts unknown, InsuranceDays? insurance)
    {
        var (safety, all, now, work, data) = (tally.SafetyTime, tally.Time, tally.SafetyNow, tally.Work, tally.Data);
        var values = new List<FigureValue>
        {
            Share(OnlineTime, new Rate(safety.OnlineMs, safety.RequiredMs(unknown)), TermsOf(safety)),
            Share(OnlineInUse, new Rate(work.OnlineMs, work.RequiredMs(unknown)), [work.OnlineMs, work.OfflineMs, work.UnknownMs, work.ExcusedMs, work.NotInServiceMs]),
            Share(OperatorsCertified, new Rate(work.CertifiedMs, work.OperatedMs), [work.CertifiedMs, work.OperatedMs]),
        };
        if (insurance is not null) values.Add(Share(InsuranceInForce, new Rate(insurance.Covered, insurance.Days), [insurance.Covered, insurance.Days]));
        values.Add(Share(OnlineCount, new Rate(now.Online, now.Required(unknown)), [now.Online, now.Offline, now.Unknown, now.Excused, now.NotInService]));
        values.Add(Share(OnlineTimeAll, new Rate(all.OnlineMs, all.RequiredMs(unknown)), TermsOf(all)));
        values.Add(Share(DataTransmission, data.Transmission, [data.Received, data.Expected]));
        values.Add(Share(DataValidity, data.Validity, [data.Valid, data.Expected]));
        values.Add(new FigureValue(DataEffective, [data.Received, data.Valid, data.Expected], null, data.Effective.Percent, data.Effective.Met));
        return values;
    }

    private static long[] TermsOf(DeviceDay time) => [time.OnlineMs, time.OfflineMs, time.UnknownMs, time.ExcusedMs, time.OnlineAlthoughExcusedMs, time.NotInServiceMs];

    private static FigureValue Share(Figure figure, Rate rate, long[] terms) => new(figure, terms, rate, rate.Percent, rate.Met);
}
