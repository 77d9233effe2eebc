namespace Gateway.Protocols.Hj212;

/// <summary>The outcome of a request, sent in a 9012.</summary>
/// <remarks><b>source</b> HJ 212-2017, execution result codes.</remarks>
public enum Hj212ExeRtn
{
    Ok = 1,
    FailedForUnknownReason = 2,
    BadCondition = 3,
    Timeout = 4,
    Busy = 5,
    Fault = 6,
    NoData = 100,
}
