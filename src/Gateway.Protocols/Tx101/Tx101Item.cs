namespace Gateway.Protocols.Tx101;

/// <summary>What the frames can say; profiles name the items in lower case with underscores (<c>moment_ratio</c>).</summary>
/// <remarks><b>units</b> FORMAT.md, "Items".</remarks>
public enum Tx101Item : byte
{
    None,

    Load,

    Height,

    /// <summary>幅度.</summary>
    Radius,

    /// <summary>回转.</summary>
    Slew,

    Wind,

    Tilt,

    /// <summary>力矩比率.</summary>
    MomentRatio,

    /// <summary>行走.</summary>
    Travel,

    Speed,

    Pm25,

    Pm10,

    Temperature,

    Humidity,

    Noise,

    WindDirection,

    Motor1,

    Motor2,

    Motor3,

    Valve1,

    Valve2,

    Valve3,

    Valve4,

    People,

    Floor,

    /// <summary>1 = the cage stands level with the floor.</summary>
    FloorAligned,

    /// <summary>Door and limits of a hoist as one byte; its bits are not known.</summary>
    Door,

    /// <summary>Who operates, a number given when the fingerprint was taken; 0 = nobody.</summary>
    Person,

    /// <summary>Number of the crane that is too near, 0 = none.</summary>
    CollisionPeer,

    /// <summary>Two bits a direction: low 0, near 2, far 4, right 6, left 8; 1 warning, 2 alarm.</summary>
    CollisionBits,

    /// <summary>What is in the way: 1 jib, 2 rope.</summary>
    CollisionKind,

    ObstaclePeer,

    ObstacleBits,

    ZonePeer,

    ZoneBits,

    CycleNumber,

    CycleMaxLoad,

    CycleMaxMoment,

    CycleMaxHeight,

    CycleMinHeight,

    CycleMaxRadius,

    CycleMinRadius,

    CycleMaxSlew,

    CycleMinSlew,

    CycleMaxTravel,

    CycleMinTravel,

    CycleLiftSlew,

    CycleLiftRadius,

    CycleLiftHeight,

    CycleUnloadSlew,

    CycleUnloadRadius,

    CycleUnloadHeight,

    CycleMaxPeople,

    CycleMaxFloor,

    /// <summary>Seconds from start to end.</summary>
    CycleSeconds,
}
