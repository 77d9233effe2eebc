using System.Globalization;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Tests.Lifecycle;

/// <summary>Entries of one device that has been in service since the first of March by its ledger, entered at the moment of their effect unless said otherwise.</summary>
internal static class Entries
{
    public static ServiceTime Service { get; } = new("d1", At("2026-03-01 00:00"), null);

    public static LifecyclePolicy Policy { get; } = new();

    public static long At(string local) => DateTimeOffset.Parse(local + "+08:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static LifecycleEntry Step(long seq, LifecycleKind kind, string effective, string? entered = null, long? corrects = null, string? approver = null) =>
        new(seq, "d1", kind, At(effective), null, null, "Li", approver, null, null, null, corrects, At(entered ?? effective));

    public static LifecycleEntry Suspended(long seq, string from, string until, string reason = SuspensionReason.Repair, string? entered = null, long? corrects = null, string? approver = "Wang", string? attachment = null) =>
        new(seq, "d1", LifecycleKind.Suspended, At(from), At(until), reason, "Li", approver, "F-" + seq, attachment, null, corrects, At(entered ?? from));

    public static LifecycleTimeline Timeline(params LifecycleEntry[] entries) => LifecycleTimeline.Build(entries, long.MaxValue, [Service], Policy);

    /// <summary>The spans as text: state, and local begin to end.</summary>
    public static string Shown(this LifecycleTimeline timeline) =>
        string.Join(" | ", timeline.Of("d1").Select(s => $"{s.State} {Local(s.FromMs)}..{Local(s.ToMs)}" + (s.Entry is { } e ? $" #{e.Seq}" : "")));

    private static string Local(long ms) => ms is long.MinValue or long.MaxValue
        ? ""
        : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
