namespace Gateway.Protocols.Hj212;

/// <summary>Whether a text was a time, and if not, why.</summary>
public enum Hj212TimeVerdict
{
    Ok,

    /// <summary>No such item, or an empty one.</summary>
    Missing,

    /// <summary>Fewer than 14 or more than 17 characters.</summary>
    WrongLength,

    /// <summary>A character that is not a digit.</summary>
    NotDigits,

    /// <summary>Digits, but no such day or time of day.</summary>
    OutOfRange,
}
