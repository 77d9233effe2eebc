using System.Globalization;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>What kinds and states are called, and what a refusal says, in both languages.</summary>
public static class LifecycleWords
{
    private static readonly LocalText[] Kinds =
    [
        new("计划", "planned"), new("安装", "installed"), new("验收", "accepted"), new("投入使用", "in service"), new("停用", "suspended"), new("恢复使用", "resumed"),
        new("移位", "moved"), new("拆除", "dismantled"), new("撤销", "withdrawn"),
    ];

    private static readonly LocalText[] States =
    [
        new("未登记", "not known yet"), new("计划中", "planned"), new("已安装", "installed"), new("已验收", "accepted"), new("使用中", "in service"), new("停用中", "suspended"),
        new("已移位", "moved"), new("已拆除", "dismantled"),
    ];

    public static LocalText Of(LifecycleKind kind) => Kinds[(int)kind];

    public static LocalText Of(LifecycleState state) => States[(int)state];

    /// <summary>The state as it stands in files.</summary>
    public static string IdOf(LifecycleState state) => state switch
    {
        LifecycleState.None => "none",
        LifecycleState.Planned => "planned",
        LifecycleState.Installed => "installed",
        LifecycleState.Accepted => "accepted",
        LifecycleState.InService => "in-service",
        LifecycleState.Suspended => "suspended",
        LifecycleState.Moved => "moved",
        LifecycleState.Dismantled => "dismantled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    internal static LocalText Missing(string zh, string en) => new($"缺少{zh}", $"{en} is missing");

    internal static LocalText NotFollowing(LifecycleEntry entry, LifecycleState state, LocalText why) => new(
        $"{Time(entry.EffectiveMs)} 设备{Of(state).Zh}，不能登记“{Of(entry.Kind).Zh}”：{why.Zh}",
        $"at {Time(entry.EffectiveMs)} the device is {Of(state).En}; \"{Of(entry.Kind).En}\" cannot follow: {why.En}");

    internal static LocalText MakesImpossible(LifecycleEntry other, LifecycleState state, LocalText why)
    {
        var not = NotFollowing(other, state, why);
        return new($"此后第 {other.Seq} 号记录不再成立：{not.Zh}", $"entry {other.Seq} would become impossible: {not.En}");
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
