namespace FirmwareSim.Devices;

/// <summary>The effects in force on one device. An effect whose time is over is gone at the next look. Safe from any thread.</summary>
internal sealed class EffectSet(TimeProvider time)
{
    private static readonly TimeSpan FlapSilent = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan FlapPeriod = TimeSpan.FromSeconds(17);

    private readonly Lock _gate = new();
    private readonly Dictionary<EffectKind, Effect> _effects = [];

    /// <summary>Starts an effect now; the same effect already in force starts anew.</summary>
    public void Start(EffectKind kind, TimeSpan? lasts = null, double value = 0)
    {
        lock (_gate) _effects[kind] = new Effect(kind, time.GetTimestamp(), lasts, value);
    }

    public void Clear()
    {
        lock (_gate) _effects.Clear();
    }

    public bool Has(EffectKind kind) => Find(kind) is not null;

    public Effect? Find(EffectKind kind)
    {
        lock (_gate)
        {
            if (!_effects.TryGetValue(kind, out Effect effect)) return null;
            if (effect.Lasts is not { } lasts || time.GetElapsedTime(effect.StartedAt) < lasts) return effect;
            _effects.Remove(kind);
            return null;
        }
    }

    /// <summary>What is in force, in the order of <see cref="EffectKind"/>.</summary>
    public IReadOnlyList<EffectKind> List() => [.. Enum.GetValues<EffectKind>().Where(Has)];

    /// <summary>True while the device reports or answers at all.</summary>
    public bool IsSpeaking => !Has(EffectKind.Silence) && !Has(EffectKind.PowerCut) && !IsInSilentPartOfFlap;

    private bool IsInSilentPartOfFlap =>
        Find(EffectKind.Flap) is { } flap && time.GetElapsedTime(flap.StartedAt).Ticks % FlapPeriod.Ticks < FlapSilent.Ticks;

    /// <summary>What the effects want of the device's connection.</summary>
    public LinkWish LinkWish =>
        Has(EffectKind.PowerCut) || Has(EffectKind.Kill) ? LinkWish.Reset
        : Has(EffectKind.Disconnect) ? LinkWish.Leave
        : LinkWish.Stay;

    /// <summary>How far the device's clock is off.</summary>
    public TimeSpan ClockDrift => Find(EffectKind.ClockDrift) is { } drift ? TimeSpan.FromSeconds(drift.Value) : TimeSpan.Zero;
}
