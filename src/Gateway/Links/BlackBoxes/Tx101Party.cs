using Gateway.Protocols.Tx101;

namespace Gateway.Links.BlackBoxes;

/// <summary>A station within one conversation: its message that is not whole yet, and what is known of its clock.</summary>
/// <remarks>
/// The frames have no mark for what was kept while nobody listened: only their time tells. A box whose clock runs an hour slow looks the same, so its clock is asked for; until it has
/// answered, or has not answered twice, an old frame is taken for a kept one.
/// </remarks>
internal sealed class Tx101Party(BoxStation station)
{
    /// <summary>A frame older than this was not measured now.</summary>
    private const long FreshMs = 60_000;

    /// <summary>A clock may be off by so much before it is set.</summary>
    private const long ClockToleranceMs = 60_000;

    private const long AskEveryMs = 10_000;
    private const long SetEveryMs = 600_000;
    private const int AsksMax = 3;

    private int _asked;
    private long _askedMs;
    private long? _setMs;
    private long? _skewMs;

    public BoxStation Station => station;

    public Tx101Assembler Assembler { get; } = new();

    /// <summary>Whether its clock is to be asked for now; then that counts as asked.</summary>
    public bool WantsToAsk(long nowMs)
    {
        if (_skewMs is not null || _asked >= AsksMax || _asked > 0 && nowMs - _askedMs < AskEveryMs) return false;
        (_asked, _askedMs) = (_asked + 1, nowMs);
        return true;
    }

    public bool IsPast(long measuredMs, long nowMs)
    {
        long age = nowMs - measuredMs;
        if (_skewMs is { } skew) return age + skew > FreshMs;
        bool gaveUp = _asked >= AsksMax && nowMs - _askedMs >= AskEveryMs;
        return age > FreshMs && !gaveUp;
    }

    /// <summary>Takes note of how far its clock is ahead.</summary>
    /// <returns>True when it is to be set now; then that counts as done.</returns>
    public bool WantsToSet(long skewMs, long nowMs)
    {
        (_skewMs, station.SkewMs) = (skewMs, skewMs);
        if (Math.Abs(skewMs) <= ClockToleranceMs || _setMs is { } set && nowMs - set < SetEveryMs) return false;
        _setMs = nowMs;
        return true;
    }

    /// <summary>When it was, by a clock that is right.</summary>
    public long TrueTimeMs(long measuredMs) => measuredMs - (_skewMs ?? 0);

    /// <summary>It says that it took the time; whether it did is asked once more.</summary>
    public void ClockIsSet() => (_skewMs, _asked) = (null, 0);
}
