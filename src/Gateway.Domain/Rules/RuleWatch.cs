using Gateway.Domain.Readings;

namespace Gateway.Domain.Rules;

/// <summary>A rule bound to one device: remembers since when its condition holds or is over. Pure; judged on fresh samples only.</summary>
public sealed class RuleWatch
{
    private const long Never = long.MinValue;

    private readonly int _onDelayMs;
    private readonly int _offDelayMs;
    private readonly double _deadband;
    private readonly double _sign;
    private long _pendingSinceMs = Never;

    private RuleWatch(Rule rule, int slot, double limit, double sign, double deadband, int bit, int onDelayMs, int offDelayMs) =>
        (Rule, Slot, Limit, _sign, _deadband, Bit, _onDelayMs, _offDelayMs) = (rule, slot, limit, sign, deadband, bit, onDelayMs, offDelayMs);

    public Rule Rule { get; }

    public int Slot { get; }

    /// <summary>In the field's unit; for a bit rule 1.</summary>
    public double Limit { get; }

    /// <summary>The bit that a bit rule judges, −1 for any other rule.</summary>
    public int Bit { get; }

    public bool Active { get; private set; }

    /// <summary>Binds the rule to a profile; null when the profile has no such field or the rule judges no samples.</summary>
    public static RuleWatch? Bind(Rule rule, DeviceProfile profile) => rule.Evaluator switch
    {
        ThresholdEvaluator t when profile.SlotOf(t.Field) is >= 0 and var slot =>
            new RuleWatch(rule, slot, t.Above ?? t.Below ?? 0, t.Above is null ? -1 : 1, t.Deadband, -1, t.OnDelayMs, t.OffDelayMs),
        BitEvaluator b when profile.SlotOf(b.Field) is >= 0 and var slot => new RuleWatch(rule, slot, 1, 1, 0, b.Bit, b.OnDelayMs, b.OffDelayMs),
        _ => null,
    };

    /// <summary>Takes up an alarm that was open before a restart, so that it neither rises again nor clears by itself.</summary>
    public void Resume() => Active = true;

    /// <summary>Judges one good sample. The verdict changes only when the condition, or its opposite, has held for the delay.</summary>
    public RuleVerdict Judge(double value, long atMs)
    {
        bool beyond = Bit >= 0 ? ((long)value >> Bit & 1) == 1 : _sign * value > _sign * Limit;
        bool back = Bit >= 0 ? !beyond : _sign * value < _sign * Limit - _deadband || (_deadband == 0 && !beyond);
        bool turning = Active ? back : beyond;
        if (!turning)
        {
            _pendingSinceMs = Never;
            return RuleVerdict.Unchanged;
        }
        if (_pendingSinceMs == Never) _pendingSinceMs = atMs;
        if (atMs - _pendingSinceMs < (Active ? _offDelayMs : _onDelayMs)) return RuleVerdict.Unchanged;
        _pendingSinceMs = Never;
        Active = !Active;
        return Active ? RuleVerdict.Raised : RuleVerdict.Returned;
    }
}

public enum RuleVerdict : byte { Unchanged, Raised, Returned }
