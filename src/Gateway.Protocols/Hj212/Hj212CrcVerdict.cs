namespace Gateway.Protocols.Hj212;

/// <summary>
/// By which rule the CRC field fits the data segment. Which of them a device may use is the caller's setting, not the codec's.
/// </summary>
/// <remarks>
/// <b>source</b> HJ 212-2017 Annex A for <see cref="Standard"/>; the others were seen on real lines (FORMAT.md, tolerance).
/// </remarks>
public enum Hj212CrcVerdict
{
    /// <summary>Fits none of the known rules; the values must not be believed.</summary>
    Wrong,

    /// <summary>The standard's CRC over the whole data segment.</summary>
    Standard,

    /// <summary>CRC-16/MODBUS, high byte first.</summary>
    ModbusHighFirst,

    /// <summary>CRC-16/MODBUS, low byte first, as on a serial Modbus line.</summary>
    ModbusLowFirst,

    /// <summary>The standard's CRC, computed by the sender without the closing <c>&amp;&amp;</c>.</summary>
    StandardWithoutClosing,
}
