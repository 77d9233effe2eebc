namespace Gateway.Protocols.Hj212;

/// <summary>The command number <c>CN</c>; an open list, any four digits may arrive and keep their value.</summary>
/// <remarks>
/// <b>source</b> HJ 212-2017 command table; 1001, 1002, 1014 and 9015 from public code for HJ 212-2025, its text was not read.
/// </remarks>
public enum Hj212Command
{
    /// <summary>No readable <c>CN</c>.</summary>
    None = 0,

    /// <summary>设置超时时间及重发次数 (OverTime, ReCount).</summary>
    SetTimeoutAndRetries = 1000,

    /// <summary>2025: hardware serial number.</summary>
    HardwareSerial = 1001,

    /// <summary>2025: MN.</summary>
    DeviceNumber = 1002,

    /// <summary>提取现场机时间.</summary>
    GetTime = 1011,

    /// <summary>设置现场机时间.</summary>
    SetTime = 1012,

    /// <summary>现场机时间校准请求; a notification, answered with <see cref="NotificationAck"/>.</summary>
    TimeSyncRequest = 1013,

    /// <summary>2025: key exchange.</summary>
    KeyExchange = 1014,

    /// <summary>提取实时数据间隔.</summary>
    GetRtdInterval = 1061,

    /// <summary>设置实时数据间隔 (RtdInterval, 30..3600 s).</summary>
    SetRtdInterval = 1062,

    /// <summary>提取分钟数据间隔.</summary>
    GetMinInterval = 1063,

    /// <summary>设置分钟数据间隔 (MinInterval, one of 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 min).</summary>
    SetMinInterval = 1064,

    /// <summary>设置现场机密码.</summary>
    SetPassword = 1072,

    /// <summary>污染物实时数据; <c>DataTime</c> is the instant.</summary>
    RealTimeData = 2011,

    /// <summary>停止察看实时数据.</summary>
    StopRealTimeData = 2012,

    /// <summary>设备运行状态数据.</summary>
    DeviceState = 2021,

    /// <summary>停止察看设备运行状态.</summary>
    StopDeviceState = 2022,

    /// <summary>污染物日历史数据; <c>DataTime</c> is the start of the day.</summary>
    DayData = 2031,

    /// <summary>设备运行时间日历史数据; <c>DataTime</c> is the start of the day.</summary>
    DeviceRunTime = 2041,

    /// <summary>污染物分钟数据; <c>DataTime</c> is the start of the interval.</summary>
    MinuteData = 2051,

    /// <summary>污染物小时数据; <c>DataTime</c> is the start of the hour.</summary>
    HourData = 2061,

    /// <summary>数采仪开机时间 (RestartTime).</summary>
    LoggerBootTime = 2081,

    /// <summary>上传现场信息: status codes <c>i</c> + five digits.</summary>
    SiteInformation = 3020,

    /// <summary>请求应答, carries QnRtn.</summary>
    RequestAck = 9011,

    /// <summary>执行结果, carries ExeRtn.</summary>
    ExecutionResult = 9012,

    /// <summary>通知应答.</summary>
    NotificationAck = 9013,

    /// <summary>数据应答.</summary>
    DataAck = 9014,

    /// <summary>2025: heartbeat of a logger; a notification, answered with <see cref="NotificationAck"/>.</summary>
    Heartbeat = 9015,
}
