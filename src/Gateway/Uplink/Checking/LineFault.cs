namespace Gateway.Uplink.Checking;

/// <summary>Why a line is not sent to a target: what the store would drop or distort without a word.</summary>
public enum LineFault : byte
{
    None,
    /// <summary>No measurement, field or time where one must stand.</summary>
    Malformed,
    /// <summary>A value that is no finite number.</summary>
    NotANumber,
    /// <summary>More than two days ahead of us: VictoriaMetrics answers 204 and drops it.</summary>
    InTheFuture,
    /// <summary>Longer than <see cref="LineCheck.LineBytesMax"/>: VictoriaMetrics refuses the whole request.</summary>
    TooLong,
    /// <summary>More tags than <see cref="LineCheck.TagsMax"/>: VictoriaMetrics cuts the rest off, and two series become one.</summary>
    TooManyTags,
    /// <summary>Only texts, which the target would store as 0: left out, counted, not quarantined.</summary>
    OnlyTexts,
}

internal static class LineFaults
{
    /// <summary>Our words, as they stand in quarantine beside the servers' own.</summary>
    public static string Words(this LineFault fault) => fault switch
    {
        LineFault.Malformed => "not sent: expected measurement, fields and a time in nanoseconds",
        LineFault.NotANumber => "not sent: a field is no finite number; the store would drop it or keep a 0 instead",
        LineFault.InTheFuture => "not sent: its time is more than two days ahead; the store would drop it",
        LineFault.TooLong => $"not sent: longer than {LineCheck.LineBytesMax} bytes; the store would refuse all lines around it",
        LineFault.TooManyTags => $"not sent: more than {LineCheck.TagsMax} tags; the store would cut them off",
        _ => "not sent: only texts, which the store would keep as 0",
    };
}
