using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>How one request, or one stretch of listening, ended.</summary>
internal enum ModbusAnswerKind
{
    /// <summary>Data of the unit asked.</summary>
    Data,

    /// <summary>No data, for the reason in <see cref="ModbusAnswer.Failure"/>.</summary>
    Failed,

    /// <summary>The bus is to stop; nothing is known about the request.</summary>
    Stopped,

    /// <summary>The port is gone; nothing is known about the request.</summary>
    PortLost,

    /// <summary>The time to listen is over.</summary>
    Quiet,
}

/// <summary>The outcome of a request; <see cref="Data"/> lives until the next one.</summary>
internal readonly ref struct ModbusAnswer
{
    public ModbusAnswerKind Kind { get; init; }
    public ReadOnlySpan<byte> Data { get; init; }
    public long ReceivedTimestamp { get; init; }
    public ModbusFailure Failure { get; init; }
    public int ExceptionCode { get; init; }
    public SerialFault? Fault { get; init; }
}
