namespace Gateway.Links.Modbus;

/// <summary>Why a request brought no data; the most telling thing that was seen until the time was over.</summary>
public enum ModbusFailure
{
    /// <summary>Not a byte came: power, cable, unit address.</summary>
    Timeout,

    /// <summary>Bytes that form no frame: rate, framing, termination.</summary>
    Noise,

    /// <summary>Only intact frames of other units or functions: a late reply, a second master.</summary>
    Foreign,

    /// <summary>The unit's intact reply to another question.</summary>
    WrongByteCount,

    /// <summary>The reply began and broke off.</summary>
    Incomplete,

    /// <summary>The reply came, damaged.</summary>
    BadCrc,

    /// <summary>The unit refused; it is alive, and the code says why.</summary>
    Exception,
}
