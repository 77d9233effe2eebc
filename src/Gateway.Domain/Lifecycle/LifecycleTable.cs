using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>Which kind of entry may follow which state: every pair is decided, a refusal says why.</summary>
/// <remarks><see cref="LifecycleKind.Withdrawn"/> is no step: it only takes one back.</remarks>
public static class LifecycleTable
{
    private static readonly LocalText Already = new("已处于该状态；如内容有误请更正原记录", "it is so already; correct the earlier entry if it is wrong");
    private static readonly LocalText InstallFirst = new("须先登记安装", "installation comes first");
    private static readonly LocalText AcceptFirst = new("须先登记验收，未经验收不得使用", "acceptance comes first: what is not accepted is not used");
    private static readonly LocalText InUse = new("设备在用；须先登记移位或拆除", "it is in use: moved or dismantled comes first");
    private static readonly LocalText Stands = new("设备已安装；须先登记移位或拆除", "it stands here: moved or dismantled comes first");
    private static readonly LocalText OnlyInService = new("只有使用中的设备才能停用；未使用的设备本来就不计入", "only a device in service can be suspended; any other does not count anyway");
    private static readonly LocalText NotSuspended = new("此时并未停用（停用到期自动恢复）", "it is not suspended then (a suspension ends by itself when it expires)");
    private static readonly LocalText Resume = new("停用中的设备请登记恢复使用", "a suspended device is resumed");
    private static readonly LocalText NeverInstalled = new("从未安装；请撤销计划", "it was never installed: withdraw the plan");
    private static readonly LocalText NeverHere = new("此前没有任何登记", "nothing is known of it before");
    private static readonly LocalText Gone = new("设备已拆除", "it is dismantled");
    private static readonly LocalText Exists = new("设备已存在；下一步是安装", "it exists: installation comes next");

    // Rows: the state before. Columns: planned, installed, accepted, in service, suspended, resumed, moved, dismantled.
    private static readonly Dictionary<LifecycleState, LifecycleStep[]> Rows = new()
    {
        [LifecycleState.None] = [To(LifecycleState.Planned), To(LifecycleState.Installed), To(LifecycleState.Accepted), To(LifecycleState.InService), No(OnlyInService), No(NotSuspended), No(NeverHere), No(NeverHere)],
        [LifecycleState.Planned] = [No(Already), To(LifecycleState.Installed), No(InstallFirst), No(InstallFirst), No(OnlyInService), No(NotSuspended), No(NeverInstalled), No(NeverInstalled)],
        [LifecycleState.Installed] = [No(Stands), No(Already), To(LifecycleState.Accepted), No(AcceptFirst), No(OnlyInService), No(NotSuspended), To(LifecycleState.Moved), To(LifecycleState.Dismantled)],
        [LifecycleState.Accepted] = [No(Stands), No(Stands), No(Already), To(LifecycleState.InService), No(OnlyInService), No(NotSuspended), To(LifecycleState.Moved), To(LifecycleState.Dismantled)],
        [LifecycleState.InService] = [No(InUse), No(InUse), No(InUse), No(Already), To(LifecycleState.Suspended), No(NotSuspended), To(LifecycleState.Moved), To(LifecycleState.Dismantled)],
        // A second suspension within one is an extension, or a reason of its own for a part of it.
        [LifecycleState.Suspended] = [No(InUse), No(InUse), No(InUse), No(Resume), To(LifecycleState.Suspended), To(LifecycleState.InService), To(LifecycleState.Moved), To(LifecycleState.Dismantled)],
        // From one yard to the next without being set up in between.
        [LifecycleState.Moved] = [No(Exists), To(LifecycleState.Installed), No(InstallFirst), No(InstallFirst), No(OnlyInService), No(NotSuspended), To(LifecycleState.Moved), To(LifecycleState.Dismantled)],
        // The same device may come back to the site.
        [LifecycleState.Dismantled] = [To(LifecycleState.Planned), To(LifecycleState.Installed), No(InstallFirst), No(InstallFirst), No(OnlyInService), No(NotSuspended), No(Gone), No(Already)],
    };

    /// <summary>What follows when an entry of this kind takes effect in this state.</summary>
    public static LifecycleStep Next(LifecycleState state, LifecycleKind kind) =>
        kind == LifecycleKind.Withdrawn ? throw new ArgumentOutOfRangeException(nameof(kind), kind, "only a correction withdraws") : Rows[state][(int)kind];

    private static LifecycleStep To(LifecycleState state) => new(state, null);

    private static LifecycleStep No(LocalText why) => new(null, why);
}

/// <summary>The state after a step, or why it cannot be taken; one of both is null.</summary>
public readonly record struct LifecycleStep(LifecycleState? State, LocalText? Refusal);
