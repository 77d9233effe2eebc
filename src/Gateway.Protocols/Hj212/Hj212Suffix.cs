namespace Gateway.Protocols.Hj212;

/// <summary>What stands behind the last <c>-</c> of an item's name.</summary>
/// <remarks><b>source</b> HJ 212-2017, field names of the data area and noise table B.3.</remarks>
public enum Hj212Suffix
{
    /// <summary>A plain name such as <c>DataTime</c> or <c>RtdInterval</c>.</summary>
    None,

    /// <summary>Value at an instant.</summary>
    Rtd,

    /// <summary>Smallest value of the interval.</summary>
    Min,

    /// <summary>Mean of the interval.</summary>
    Avg,

    /// <summary>Largest value of the interval.</summary>
    Max,

    /// <summary>Sum over the interval.</summary>
    Cou,

    /// <summary>Noise of the interval.</summary>
    Data,

    /// <summary>Noise by day.</summary>
    DayData,

    /// <summary>Noise by night.</summary>
    NightData,

    /// <summary>The factor's data flag.</summary>
    Flag,

    /// <summary>When the sample was taken.</summary>
    SampleTime,

    /// <summary>Any other suffix; the item keeps its text.</summary>
    Other,
}
