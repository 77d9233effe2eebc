namespace Gateway.Protocols.Hj212;

/// <summary>The data flag of one factor; the value of each member is the letter on the wire.</summary>
/// <remarks><b>source</b> HJ 212-2017 table 8. What a flag means for presence and validity is decided in the domain, not here.</remarks>
public enum Hj212DataFlag
{
    /// <summary>The factor carries no flag.</summary>
    None = 0,

    /// <summary>Normal.</summary>
    N = 'N',

    /// <summary>Instrument stopped.</summary>
    F = 'F',

    /// <summary>Maintenance.</summary>
    M = 'M',

    /// <summary>Value set by hand.</summary>
    S = 'S',

    /// <summary>Instrument fault.</summary>
    D = 'D',

    /// <summary>Calibration.</summary>
    C = 'C',

    /// <summary>Over the measuring range.</summary>
    T = 'T',

    /// <summary>Link between instrument and logger broken.</summary>
    B = 'B',

    /// <summary>A flag the table does not know; the flag item keeps the text.</summary>
    Other = '?',
}
