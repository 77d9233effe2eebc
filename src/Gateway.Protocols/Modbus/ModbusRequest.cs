using System.Buffers.Binary;

namespace Gateway.Protocols.Modbus;

/// <summary>One request of functions 01 to 06; on the wire always eight bytes.</summary>
/// <remarks>
/// <b>Errors:</b> the factories throw <see cref="ArgumentOutOfRangeException"/> for what the standard does not allow; configuration is checked
/// before it gets here.
/// <b>Source:</b> MODBUS Application Protocol V1.1b3, 6.1 to 6.6.
/// </remarks>
public readonly record struct ModbusRequest
{
    /// <summary>Bytes on the wire, CRC included.</summary>
    public const int Size = 8;

    private const int UnitMax = 247;
    private const ushort CoilOn = 0xFF00;

    private ModbusRequest(byte unit, byte function, ushort address, ushort argument)
    {
        ArgumentOutOfRangeException.ThrowIfZero(unit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unit, UnitMax);
        Unit = unit;
        Function = function;
        Address = address;
        Argument = argument;
    }

    /// <summary>The unit asked, 1 to 247; broadcasts are not answered and cannot be built.</summary>
    public byte Unit { get; }

    /// <summary>A code of <see cref="ModbusFunction"/>.</summary>
    public byte Function { get; }

    /// <summary>First coil, input or register, counted from 0 as on the wire.</summary>
    public ushort Address { get; }

    /// <summary>Reads: the quantity. Writes: the value as it stands on the wire.</summary>
    public ushort Argument { get; }

    /// <summary>Reads: bytes of data a good reply carries. Writes: 0.</summary>
    public int DataSize => Function switch
    {
        ModbusFunction.ReadCoils or ModbusFunction.ReadDiscreteInputs => (Argument + 7) / 8,
        ModbusFunction.ReadHoldingRegisters or ModbusFunction.ReadInputRegisters => Argument * 2,
        _ => 0,
    };

    /// <summary>Bytes of a good reply on the wire, CRC included.</summary>
    public int ReplySize => ModbusFunction.IsRead(Function) ? 3 + DataSize + ModbusCrc.Size : Size;

    /// <summary>Reads <paramref name="quantity"/> bits (01, 02: 1 to 2000) or registers (03, 04: 1 to 125).</summary>
    public static ModbusRequest Read(byte unit, byte function, ushort address, ushort quantity)
    {
        if (!ModbusFunction.IsRead(function))
            throw new ArgumentOutOfRangeException(nameof(function), function, "expected a reading function, 1 to 4");

        ArgumentOutOfRangeException.ThrowIfZero(quantity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, ModbusFunction.QuantityMax(function));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address + quantity, 0x10000, nameof(quantity));
        return new(unit, function, address, quantity);
    }

    public static ModbusRequest WriteCoil(byte unit, ushort address, bool on) =>
        new(unit, ModbusFunction.WriteSingleCoil, address, on ? CoilOn : (ushort)0);

    public static ModbusRequest WriteRegister(byte unit, ushort address, ushort value) =>
        new(unit, ModbusFunction.WriteSingleRegister, address, value);

    /// <summary>Writes the frame into the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    public void Encode(Span<byte> destination)
    {
        destination[0] = Unit;
        destination[1] = Function;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Argument);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], ModbusCrc.Compute(destination[..6]));
    }
}
