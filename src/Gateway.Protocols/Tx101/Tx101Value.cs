namespace Gateway.Protocols.Tx101;

/// <summary>One item of a frame.</summary>
/// <param name="Number">In the unit of FORMAT.md; 0 where the device gives only a state (motors, valves).</param>
/// <param name="State">Whether it may be believed.</param>
/// <param name="Level">What the device makes of it.</param>
public readonly record struct Tx101Value(double Number, Tx101SensorState State, Tx101Level Level);

public enum Tx101SensorState : byte
{
    /// <summary>Fitted, and works.</summary>
    Working,

    /// <summary>Switched off in the device: it says nothing about the world.</summary>
    Absent,

    /// <summary>Switched on but out of order, or its digits are none.</summary>
    Broken,
}

/// <summary>The device's own judgement of a quantity.</summary>
/// <remarks><b>source</b> DOMAIN §1.6: 04, 06, 07 near, at, below the lower limit; 20, 60, E0 near, at, above the upper; FF sensor error.</remarks>
public enum Tx101Level : byte
{
    None,

    NearLower,

    /// <summary>At or below.</summary>
    Lower,

    NearUpper,

    /// <summary>At or above.</summary>
    Upper,

    SensorError,

    /// <summary>A byte that is none of these.</summary>
    Unknown,
}
