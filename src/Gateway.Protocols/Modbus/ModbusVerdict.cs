namespace Gateway.Protocols.Modbus;

/// <summary>What bytes at the start of a buffer are, seen from one request.</summary>
public enum ModbusVerdict
{
    /// <summary>So far it can be the reply; read on.</summary>
    NeedMore,

    /// <summary>The reply, whole and intact.</summary>
    Complete,

    /// <summary>The unit refused: intact exception reply with a code.</summary>
    Exception,

    /// <summary>Shaped like the reply, but the CRC does not fit.</summary>
    BadCrc,

    /// <summary>Another unit's address.</summary>
    ForeignUnit,

    /// <summary>This unit, another function.</summary>
    ForeignFunction,

    /// <summary>This unit and function, but not the number of bytes that was asked for (writes: another register or value).</summary>
    WrongByteCount,
}
