namespace Gateway.Protocols.Hj212;

/// <summary>The edition a frame declares in the six upper bits of <c>Flag</c>.</summary>
/// <remarks><b>source</b> HJ 212-2017 table 3 (V5..V0); the value of the 2025 edition is from public code, its text was not read.</remarks>
public enum Hj212Version
{
    /// <summary>HJ/T 212-2005; also what a frame without <c>Flag</c> is taken for.</summary>
    Hjt212Of2005 = 0,

    /// <summary>HJ 212-2017.</summary>
    Hj212Of2017 = 1,

    /// <summary>HJ 212-2025.</summary>
    Hj212Of2025 = 2,
}
