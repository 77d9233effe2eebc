namespace Gateway.Protocols.Modbus;

/// <summary>A verdict on received bytes, with what belongs to it.</summary>
/// <remarks><b>Shape:</b> <see cref="Data"/> points into the decoded buffer and lives as long as its bytes are left alone.</remarks>
public readonly ref struct ModbusReply
{
    internal ModbusReply(ModbusVerdict verdict, int size = 0, ReadOnlySpan<byte> data = default, byte exceptionCode = 0)
    {
        Verdict = verdict;
        Size = size;
        Data = data;
        ExceptionCode = exceptionCode;
    }

    public ModbusVerdict Verdict { get; }

    /// <summary>Bytes the frame takes, CRC included; 0 unless complete, an exception or a bad CRC.</summary>
    public int Size { get; }

    /// <summary>Complete reads: the bits or the registers (high byte first), without the byte count.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Exceptions: the code (V1.1b3, 7); 0 otherwise.</summary>
    public byte ExceptionCode { get; }

    /// <summary>True when the unit has spoken to this request, with data or with an exception.</summary>
    public bool IsAnswer => Verdict is ModbusVerdict.Complete or ModbusVerdict.Exception;
}
