namespace Gateway.Protocols.Modbus;

/// <summary>Function codes as they stand on the wire.</summary>
/// <remarks>Source: MODBUS Application Protocol V1.1b3, 5.1.</remarks>
public static class ModbusFunction
{
    public const byte ReadCoils = 1;
    public const byte ReadDiscreteInputs = 2;
    public const byte ReadHoldingRegisters = 3;
    public const byte ReadInputRegisters = 4;
    public const byte WriteSingleCoil = 5;
    public const byte WriteSingleRegister = 6;
    public const byte WriteMultipleCoils = 15;
    public const byte WriteMultipleRegisters = 16;
    public const byte MaskWriteRegister = 22;
    public const byte ReadWriteMultipleRegisters = 23;

    /// <summary>Set in the function code of a reply that is an exception (V1.1b3, 7).</summary>
    public const byte ExceptionFlag = 0x80;

    /// <summary>True for the four functions that read a block of coils, inputs or registers.</summary>
    public static bool IsRead(byte function) => function is >= ReadCoils and <= ReadInputRegisters;

    /// <summary>The most that one request may read: bits for 01 and 02, registers for 03 and 04; 0 for everything else.</summary>
    public static int QuantityMax(byte function) => function switch
    {
        ReadCoils or ReadDiscreteInputs => 2000,
        ReadHoldingRegisters or ReadInputRegisters => 125,
        _ => 0,
    };
}
