using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Domain.Rules;

/// <summary>One rule of a pack: data, never code. What it watches is its evaluator; the texts are what people see.</summary>
/// <param name="Kinds">Kinds of device it applies to; empty = all.</param>
/// <param name="SafetyOnly">Only devices the ledger calls safety devices.</param>
/// <param name="Source">Where the limit comes from, said to whoever must defend it.</param>
public sealed record Rule(
    string Id,
    string Pack,
    string PackVersion,
    IReadOnlyList<string> Kinds,
    bool SafetyOnly,
    Severity Severity,
    LocalText Title,
    LocalText Advice,
    string? Source,
    Evaluator Evaluator)
{
    /// <summary>Its alarm waits for a person to look and reset it, also when its condition is over (ISA-18.2 latching).</summary>
    public bool Latching { get; init; }

    public bool AppliesTo(string kind, bool safety) =>
        (Kinds.Count == 0 || Kinds.Contains(kind, StringComparer.Ordinal)) && (safety || !SafetyOnly);
}

public enum Severity : byte { Low, Medium, High, Critical }

/// <summary>The few ways in which a rule can judge.</summary>
public abstract record Evaluator;

/// <summary>A field beyond a limit, with deadband (the field's unit) and delays (ms).</summary>
public sealed record ThresholdEvaluator(string Field, double? Above, double? Below, double Deadband, int OnDelayMs, int OffDelayMs) : Evaluator;

/// <summary>A bit that the device reports in an integer field.</summary>
public sealed record BitEvaluator(string Field, int Bit, int OnDelayMs, int OffDelayMs) : Evaluator;

/// <summary>A device that speaks and fails a check of its profile, or whose clock is off.</summary>
public sealed record SuspicionEvaluator(CheckKind Check) : Evaluator;

/// <summary>A device that is offline, for any cause that no <see cref="SuspicionEvaluator"/> stands for.</summary>
public sealed record SilentEvaluator : Evaluator;

/// <summary>Another device of its machine shows work while this one, a safety device, is offline, for at least so long (ms).</summary>
public sealed record BypassEvaluator(int OnDelayMs) : Evaluator;

/// <summary>Something the devices hang on is lost (<c>bus</c>, <c>port</c>, <c>broker</c>).</summary>
public sealed record CauseEvaluator(string Cause) : Evaluator;

/// <summary>A device that talks and is not in the ledger.</summary>
public sealed record UnregisteredEvaluator : Evaluator;

/// <summary>One point per sample beyond any of the limits; no state, no acknowledgement.</summary>
public sealed record EventEvaluator(IReadOnlyList<EventLimit> Any) : Evaluator;

public sealed record EventLimit(string Field, double? Above, double? Below);
