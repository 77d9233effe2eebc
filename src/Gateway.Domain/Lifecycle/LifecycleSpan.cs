namespace Gateway.Domain.Lifecycle;

/// <summary>A stretch of one state. Half open, ms; the spans of a device cover all time without hole or overlap.</summary>
/// <param name="FromMs"><see cref="long.MinValue"/> = since ever.</param>
/// <param name="ToMs"><see cref="long.MaxValue"/> = for good.</param>
/// <param name="Entry">The entry that put it there; null: the ledger's days, or nothing yet.</param>
public sealed record LifecycleSpan(LifecycleState State, long FromMs, long ToMs, LifecycleEntry? Entry);
