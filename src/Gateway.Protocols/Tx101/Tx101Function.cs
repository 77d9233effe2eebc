namespace Gateway.Protocols.Tx101;

/// <summary>The application function AFN; an open list, other numbers keep their value.</summary>
/// <remarks><b>source</b> DOMAIN §1.6 and the firmware named there.</remarks>
public enum Tx101Function : byte
{
    /// <summary>Its data says F0 log in, F1 log out, F2 keep-alive.</summary>
    Link = 0x03,

    /// <summary>设置时钟.</summary>
    SetClock = 0x11,

    /// <summary>查询时钟.</summary>
    GetClock = 0x51,

    CraneRealtime = 0x90,

    CraneCycle = 0x91,

    CraneAlarm = 0x92,

    /// <summary>指纹上报: who put the finger on the reader.</summary>
    Fingerprint = 0x94,

    DustRealtime = 0x96,

    DustAlarm = 0x97,

    CraneCalibration = 0x98,

    HoistRealtime = 0x9A,

    HoistCycle = 0x9B,

    HoistAlarm = 0x9C,

    HoistCalibration = 0x9D,

    PlatformRealtime = 0xA1,

    PlatformAlarm = 0xA2,
}
