namespace Gateway.Protocols.Modbus;

/// <summary>What a line without an answer has shown, from the least to the most telling; the crew's first hint.</summary>
public enum ModbusEvidence
{
    /// <summary>Not a byte: no power, no cable, wrong unit address.</summary>
    Silence,

    /// <summary>Bytes that form no frame: wrong rate or framing, missing termination.</summary>
    Noise,

    /// <summary>Intact frames of another unit or function: a late reply, a second master.</summary>
    Foreign,

    /// <summary>The unit's intact reply to another question.</summary>
    WrongByteCount,

    /// <summary>The beginning of the reply.</summary>
    Partial,

    /// <summary>The reply, damaged.</summary>
    BadCrc,
}
