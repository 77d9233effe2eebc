namespace Gateway.Protocols.Hj212;

/// <summary>The keys of a data segment, as a set.</summary>
/// <remarks><b>source</b> HJ 212-2017 table 3.</remarks>
[Flags]
public enum Hj212Keys
{
    None = 0,
    Qn = 1,
    St = 1 << 1,
    Cn = 1 << 2,
    Pw = 1 << 3,
    Mn = 1 << 4,
    Flag = 1 << 5,
    Pnum = 1 << 6,
    Pno = 1 << 7,
    Cp = 1 << 8,
}
