namespace Gateway.Protocols.Goyo;

/// <summary>The command byte; the same numbers in all versions as far as both have one. An open list: other numbers keep their value.</summary>
/// <remarks><b>source</b> FORMAT.md, "Commands".</remarks>
public enum GoyoCommand : byte
{
    /// <summary>心跳: station and clock; the answer sets the clock.</summary>
    Heartbeat = 0x00,

    /// <summary>实时数据.</summary>
    Realtime = 0x01,

    /// <summary>身份认证: who sits in the cab.</summary>
    Identity = 0x02,

    /// <summary>离线数据: what could not be sent when it was measured; laid out like <see cref="Realtime"/>.</summary>
    Offline = 0x03,

    /// <summary>参数.</summary>
    Parameters = 0x04,

    /// <summary>IP 配置.</summary>
    Address = 0x05,

    /// <summary>限位控制; versions 01 and 11 only.</summary>
    LimitControl = 0x06,

    /// <summary>运行时间.</summary>
    RunTime = 0x07,

    /// <summary>命令.</summary>
    Order = 0x08,

    /// <summary>信息.</summary>
    Info = 0x09,

    /// <summary>黑匣子信息.</summary>
    BoxInfo = 0x0A,

    /// <summary>塔机参数.</summary>
    CraneParameters = 0x0B,

    /// <summary>防碰撞; answered with an empty frame.</summary>
    AntiCollision = 0x0C,

    /// <summary>区域保护.</summary>
    Zone = 0x0D,
}
