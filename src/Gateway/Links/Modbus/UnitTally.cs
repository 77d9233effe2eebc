namespace Gateway.Links.Modbus;

/// <summary>What happened with one unit. Guarded by its bus's <see cref="BusTally"/>.</summary>
internal sealed class UnitTally(ModbusUnit unit)
{
    /// <summary>Damage that has the length and the beginning of the reply happens on bad cables too; so many in ten minutes look like two senders.</summary>
    private const int GarbledMin = 5;

    private static readonly TimeSpan s_suspicionLasts = TimeSpan.FromMinutes(10);

    private readonly long[] _failures = new long[Enum.GetValues<ModbusFailure>().Length];
    private long _requests;
    private long _replies;
    private TimeSpan? _answeredAt;
    private TimeSpan? _secondReplyAt;
    private TimeSpan? _unaskedAt;
    private TimeSpan _garbledFrom;
    private int _garbled;

    public string State { get; set; } = "doubtful";

    public void Asked() => _requests++;

    public void Answered(TimeSpan now) => (_replies, _answeredAt) = (_replies + 1, now);

    public void Failed(ModbusFailure reason, TimeSpan now)
    {
        _failures[(int)reason]++;
        if (reason != ModbusFailure.BadCrc) return;
        if (_garbled == 0 || now - _garbledFrom > s_suspicionLasts) (_garbled, _garbledFrom) = (0, now);
        _garbled++;
    }

    /// <summary>A second, different reply to one request.</summary>
    public void SecondReply(TimeSpan now) => _secondReplyAt = now;

    /// <summary>It spoke when another was asked, or nobody.</summary>
    public void Unasked(TimeSpan now) => _unaskedAt = now;

    public UnitStatus Status(TimeSpan now) => new(
        unit.DeviceId, unit.Address, State, _answeredAt is { } at ? (long)(now - at).TotalMilliseconds : null, _requests, _replies, FailureWords.Of(_failures), Suspicion(now));

    private string? Suspicion(TimeSpan now) =>
        IsRecent(_secondReplyAt, now) || (_garbled >= GarbledMin && IsRecent(_garbledFrom, now)) ? "duplicateAddress"
        : IsRecent(_unaskedAt, now) ? "foreignUnit"
        : null;

    private static bool IsRecent(TimeSpan? at, TimeSpan now) => at is { } then && now - then <= s_suspicionLasts;
}
