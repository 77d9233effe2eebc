using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Presence.Checks;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

/// <summary>All the engine remembers of one registered device.</summary>
internal sealed partial class DeviceState(int index, Device device, DeviceProfile profile, DevicePresence presence, DeviceRules rules, TimeZoneInfo zone)
{
    public int Index { get; } = index;

    public Device Device { get; private set; } = device;

    public DeviceProfile Profile { get; } = profile;

    public DevicePresence Presence { get; } = presence;

    public DeviceRules Rules { get; private set; } = rules;

    public RuleWatch[] Watches => Rules.Watches;

    public EventWatch[] Events => Rules.Events;

    public Rule[] SilentRules => Rules.Silent;

    public Rule[] CheckRules => Rules.Checks;

    public Rule[] BypassRules => Rules.Bypass;

    public DeviceChecks Checks { get; } = new(profile, device);

    /// <summary>As the accounts see it.</summary>
    public AccountDevice Account { get; private set; } = AccountDevice.Of(device, enterprise: null, zone);

    /// <summary>Null when nothing it says shows work.</summary>
    public WorkSource? Source { get; set; }

    /// <summary>The working time booked to it; null when nothing shows any.</summary>
    public WorkMeter? Work { get; set; }

    /// <summary>For which slots data came; null where it owes no measurements.</summary>
    public DataSlots? Data { get; set; }

    /// <summary>Whether the last operator who was looked up may work with it, that day.</summary>
    public (int Person, long DayFromMs, bool May) Certified { get; set; }

    /// <summary>Where it stands in its life; set before anything is judged.</summary>
    public LifecycleSpan Span { get; set; } = null!;

    /// <summary>Its presence is watched: it is in service, or suspended.</summary>
    public bool Watched => IsWatched(Span.State);

    /// <summary>It is suspended: measured, but not required.</summary>
    public bool IsExcused => Span.State == LifecycleState.Suspended;

    /// <summary>Closed intervals that reach into today, where the log speaks of the device; else null.</summary>
    public List<AccountInterval>? DayRows { get; set; }

    public static bool IsWatched(LifecycleState state) => state is LifecycleState.InService or LifecycleState.Suspended;

    public double[] Values { get; } = new double[profile.Fields.Count];

    public SampleQuality[] Qualities { get; } = new SampleQuality[profile.Fields.Count];

    /// <summary>When each value was received, 0 = never.</summary>
    public long[] ReceivedAtMs { get; } = new long[profile.Fields.Count];

    public long LastMessageMs { get; set; }

    /// <summary>Null = nothing is known of its connection yet.</summary>
    public bool? LinkUp { get; set; }

    public long LinkSinceMs { get; set; }

    /// <summary>How often the connection was lost since the start.</summary>
    public int LinkLosses { get; set; }

    /// <summary>How often it answered again after a silence longer than it may be silent for.</summary>
    public int AnswerGaps { get; set; }
}

/// <summary>The rules that apply to one device, by how they judge.</summary>
/// <param name="Silent">Those that its being offline raises.</param>
/// <param name="Checks">Those that name a check.</param>
/// <param name="Bypass">Those that work of its machine raises while it is offline.</param>
internal sealed record DeviceRules(RuleWatch[] Watches, EventWatch[] Events, Rule[] Silent, Rule[] Checks, Rule[] Bypass);

/// <summary>A rule of kind event bound to the slots of one profile.</summary>
internal sealed class EventWatch
{
    private readonly (int Slot, double Limit, double Sign)[] _limits;

    private EventWatch(Rule rule, (int, double, double)[] limits) => (Rule, _limits) = (rule, limits);

    public Rule Rule { get; }

    public static EventWatch? Bind(Rule rule, DeviceProfile profile)
    {
        if (rule.Evaluator is not EventEvaluator e) return null;
        var limits = e.Any.Select(l => (Slot: profile.SlotOf(l.Field), Limit: l.Above ?? l.Below ?? 0, Sign: l.Above is null ? -1.0 : 1.0)).Where(l => l.Slot >= 0).ToArray();
        return limits.Length == 0 ? null : new EventWatch(rule, limits);
    }

    /// <summary>True when one sample is beyond one of the limits; says which value and limit.</summary>
    public bool Hits(ReadOnlySpan<Sample> samples, out double value, out double limit)
    {
        foreach (ref readonly var sample in samples)
        {
            if (sample.Quality != SampleQuality.Good) continue;
            foreach (var (slot, l, sign) in _limits)
            {
                if (slot != sample.Slot || sign * sample.Value <= sign * l) continue;
                (value, limit) = (sample.Value, l);
                return true;
            }
        }
        (value, limit) = (0, 0);
        return false;
    }
}
