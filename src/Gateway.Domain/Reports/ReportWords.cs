using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Reports;

/// <summary>What headings, causes and exceptions are called.</summary>
public static class ReportWords
{
    private static readonly Dictionary<string, LocalText> Causes = new(StringComparer.Ordinal)
    {
        [PresenceCause.None] = new("", ""),
        [PresenceCause.Silent] = new("无有效数据", "silent"),
        [PresenceCause.Will] = new("遗嘱（断开通知）", "Will"),
        [PresenceCause.Death] = new("Sparkplug 死亡证书", "death certificate"),
        [PresenceCause.InstrumentBroken] = new("仪表故障", "instrument broken"),
        [PresenceCause.Frozen] = new("数值不变", "values frozen"),
        [PresenceCause.Range] = new("数值超出物理范围", "value out of range"),
        [PresenceCause.Rate] = new("数值突变", "value jumps"),
        [PresenceCause.SelfTest] = new("自检故障", "self-test failed"),
        [PresenceCause.Regularity] = new("节奏异常规整", "too regular"),
        [PresenceCause.Identical] = new("报文重复", "identical messages"),
        [PresenceCause.DeviceClock] = new("设备时钟不准", "device clock off"),
        [PresenceCause.Gateway] = new("网关停机", "gateway down"),
        [PresenceCause.Bus] = new("总线中断", "bus lost"),
        [PresenceCause.Port] = new("串口丢失", "port lost"),
        [PresenceCause.Broker] = new("消息服务器中断", "broker lost"),
        [PresenceCause.Power] = new("网关断电", "gateway without power"),
        [PresenceCause.Clock] = new("网关时钟校正", "gateway clock set"),
        [PresenceCause.Store] = new("存储拒绝写入", "store refused"),
        [PresenceCause.Dtu] = new("DTU（转接设备）断开", "DTU lost"),
        [AccountCause.NoRecord] = new("无记录", "no record"),
        [AccountCause.NotWatched] = new("当时未监测", "not watched then"),
    };

    public static LocalText Of(AccountState state) => state switch
    {
        AccountState.Online => new("在线", "online"),
        AccountState.Offline => new("离线", "offline"),
        AccountState.Unknown => new("未知", "unknown"),
        AccountState.Excused => new("免计", "excused"),
        _ => new("未投用", "not in service"),
    };

    /// <summary>As it stands in files and style names.</summary>
    public static string IdOf(AccountState state) => state switch
    {
        AccountState.Online => "online",
        AccountState.Offline => "offline",
        AccountState.Unknown => "unknown",
        AccountState.Excused => "excused",
        _ => "not-in-service",
    };

    /// <summary>The cause of a piece in words; a cause nobody knows stands as it is.</summary>
    public static LocalText OfCause(AccountState state, string cause) => state switch
    {
        AccountState.Excused => SuspensionReason.Find(cause)?.Name ?? new(cause, cause),
        AccountState.NotInService => Enum.GetValues<LifecycleState>().Where(s => LifecycleWords.IdOf(s) == cause).Select(LifecycleWords.Of).FirstOrDefault() ?? new(cause, cause),
        _ => Causes.GetValueOrDefault(cause) ?? new(cause, cause),
    };

    public static LocalText Of(ExceptionKind kind) => kind switch
    {
        ExceptionKind.Bypass => new("旁路", "bypass"),
        ExceptionKind.WorkedAlthoughExcused => new("免计期间作业", "worked although excused"),
        ExceptionKind.WorkedUnknown => new("作业而状态未知", "worked, presence unknown"),
        ExceptionKind.Uncertified => new("无证上岗", "operator not certified"),
        ExceptionKind.Uninsured => new("未投保", "not insured"),
        ExceptionKind.NotOnline => new("未全程在线", "not online throughout"),
        ExceptionKind.EntryRefused => new("不合规的登记", "entry against the rules"),
        _ => new("记录矛盾", "records contradict"),
    };

    public static LocalText Of(WindowKind kind) => kind switch
    {
        WindowKind.Day => new("日报", "Daily report"),
        WindowKind.Month => new("月报", "Monthly report"),
        WindowKind.BiMonth => new("双月报", "Two-month report"),
        _ => new("时段报告", "Report"),
    };
}
