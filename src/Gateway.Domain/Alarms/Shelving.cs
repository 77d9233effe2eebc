namespace Gateway.Domain.Alarms;

/// <summary>An alarm put aside, or the wish to do so: by whom, why, until when. It always ends by itself.</summary>
/// <param name="By">Who asked.</param>
/// <param name="ApprovedBy">Who else agreed; null while a critical alarm waits for that, and where nobody needs to.</param>
/// <param name="Value">What was seen when it was asked for, in the field's unit: from there worse is measured.</param>
public sealed record Shelving(string By, string? ApprovedBy, string Reason, long AtMs, long UntilMs, double? Value);

/// <summary>How long and how far an alarm may be put aside.</summary>
/// <param name="MsMax">Longest time at once; default 8 h, a shift.</param>
/// <param name="WorsenShare">It breaks through when it is beyond its limit by this share of the limit more than when it was shelved; default a tenth.</param>
public sealed record ShelvingPolicy(long MsMax = 8 * 3_600_000L, double WorsenShare = 0.1)
{
    /// <summary>Two people: whoever asks and somebody else.</summary>
    public static bool NeedsTwo(Rules.Severity severity) => severity == Rules.Severity.Critical;

    /// <summary>Whether what is seen now is clearly worse than what was seen then.</summary>
    /// <param name="limit">The rule's; the side the value then lay on tells which way is worse.</param>
    public bool IsWorse(double? then, double now, double? limit)
    {
        if (then is not { } was || limit is not { } bound) return false;
        double step = WorsenShare * Math.Max(Math.Abs(bound), double.Epsilon);
        return was >= bound ? now >= was + step : now <= was - step;
    }
}
