namespace Gateway.Protocols.Goyo;

/// <summary>What a real-time or run-time frame can say; profiles name the items in lower case with underscores (<c>safe_load</c>).</summary>
/// <remarks><b>units</b> raw numbers as they stand on the wire; which of them a version carries, and the unit of one step, is in FORMAT.md, "Items".</remarks>
public enum GoyoItem : byte
{
    None,

    /// <summary>Number of the work cycle.</summary>
    WorkCycle,

    /// <summary>Who operates, as text.</summary>
    Operator,

    Power,

    /// <summary>倍率, 2 or 4.</summary>
    Falls,

    Height,

    /// <summary>幅度.</summary>
    Radius,

    /// <summary>回转.</summary>
    Slew,

    Load,

    Wind,

    /// <summary>Beaufort level, where the device sends no speed.</summary>
    WindLevel,

    TiltX,

    TiltY,

    /// <summary>俯仰角.</summary>
    Luffing,

    /// <summary>行程.</summary>
    Travel,

    SafeRadius,

    SafeLoad,

    SafeMoment,

    Longitude,

    Latitude,

    /// <summary>One bit a neighbour whose anti-collision link is up.</summary>
    CollisionLink,

    ModuleState,

    RelayBits,

    SensorBits,

    LimitBits,

    WarnBits,

    AlarmBits,

    Display,

    Settable,

    /// <summary>How many auxiliary hooks follow.</summary>
    Hooks,

    RunSeconds,

    RunSecondsTotal,

    /// <summary>The first auxiliary hook; its block has 25 bytes.</summary>
    Hook2Falls,

    Hook2Height,

    Hook2Radius,

    Hook2Load,

    Hook2SafeRadius,

    Hook2SafeLoad,

    Hook2SafeMoment,

    Hook2RelayBits,

    Hook2SensorBits,

    Hook2WarnBits,

    Hook2AlarmBits,

    /// <summary>The second auxiliary hook.</summary>
    Hook3Falls,

    Hook3Height,

    Hook3Radius,

    Hook3Load,

    Hook3SafeRadius,

    Hook3SafeLoad,

    Hook3SafeMoment,

    Hook3RelayBits,

    Hook3SensorBits,

    Hook3WarnBits,

    Hook3AlarmBits,
}
