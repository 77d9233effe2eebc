namespace Gateway.Domain.Alarms;

/// <summary>Tells an alarm that comes and goes too fast for a person: its newest rises are remembered, also over its closing.</summary>
/// <remarks><b>Source</b>: ISA-18.2 §16.5.5: three or more in a minute. Such an alarm stays open, counted, until its condition has been over for as long.</remarks>
internal sealed class Chatter
{
    public const int Rises = 3;
    public const long WithinMs = 60_000;

    /// <summary>A chattering alarm is told of at most this often.</summary>
    public const long ToldEveryMs = 10_000;

    private readonly long[] _rises = new long[Rises];
    private int _count;

    /// <summary>When the condition was last over while the alarm is held open; 0 = it stands, or nothing is held.</summary>
    public long OverSinceMs { get; set; }

    /// <summary>Notes a rise.</summary>
    /// <returns>True when it is chattering by now.</returns>
    public bool Rose(long atMs)
    {
        OverSinceMs = 0;
        _rises[_count % Rises] = atMs;
        _count++;
        return _count >= Rises && atMs - _rises[_count % Rises] <= WithinMs;
    }

    /// <summary>Nothing of it matters any more.</summary>
    public bool IsQuiet(long nowMs) => OverSinceMs == 0 && nowMs - _rises[(_count + Rises - 1) % Rises] > WithinMs;
}
