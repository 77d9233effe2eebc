using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>Counts messages that all say the same; with a tolerance also those whose intervals are all the same.</summary>
internal sealed class SamenessWatch : CheckWatch
{
    private readonly MeasuredNumbers _numbers;
    private readonly int _messages;
    private readonly int? _withinMs;
    private readonly AtRest? _unless;
    private readonly int _expectedMs;
    private int _count;
    private long _lastMs;
    private long _shortestMs;
    private long _longestMs;

    public SamenessWatch(IdenticalCheck check, MeasuredNumbers numbers, int expectedMs) : base(check, times: 1) =>
        (_numbers, _messages, _unless, _expectedMs) = (numbers, check.Messages, check.Unless, expectedMs);

    public SamenessWatch(RegularityCheck check, MeasuredNumbers numbers, int expectedMs) : base(check, times: 1) =>
        (_numbers, _messages, _withinMs, _unless, _expectedMs) = (numbers, check.Messages, check.WithinMs, check.Unless, expectedMs);

    protected override CheckVerdict Look(in LiveMessage message)
    {
        if (!_numbers.Any) return CheckVerdict.None;
        if (_numbers.Changed || _count == 0 || message.IsAtRest(_unless)) return Begin(message.AtMs);
        long gapMs = message.AtMs - _lastMs;
        // A burst (a message sent twice, a store that is emptied) says nothing of how long it has been the same.
        if (2 * gapMs < _expectedMs) return CheckVerdict.None;
        _lastMs = message.AtMs;
        (_shortestMs, _longestMs) = _count == 1 ? (gapMs, gapMs) : (Math.Min(_shortestMs, gapMs), Math.Max(_longestMs, gapMs));
        if (_longestMs - _shortestMs > _withinMs) return Begin(message.AtMs);
        _count = Math.Min(_count + 1, int.MaxValue - 1);
        if (_count < _messages) return CheckVerdict.Good;
        (Seen, Limit) = _withinMs is { } within ? (_longestMs - _shortestMs, within) : (_count, _messages);
        return CheckVerdict.Bad;
    }

    protected override void Forget() => _count = 0;

    private CheckVerdict Begin(long atMs)
    {
        (_count, _lastMs) = (1, atMs);
        return CheckVerdict.Good;
    }
}
