namespace Gateway.Protocols.Hj212;

/// <summary>The answer to a request before it is carried out, sent in a 9011.</summary>
/// <remarks><b>source</b> HJ 212-2017, request return codes.</remarks>
public enum Hj212QnRtn
{
    Ready = 1,
    Refused = 2,
    PwWrong = 3,
    MnWrong = 4,
    StWrong = 5,
    FlagWrong = 6,
    QnWrong = 7,
    CnWrong = 8,
    CrcWrong = 9,
    Unknown = 100,
}
