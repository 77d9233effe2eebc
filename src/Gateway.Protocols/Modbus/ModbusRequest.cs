using System.Buffers.Binary;

namespace Gateway.Protocols.Modbus;

/// <summary>One request of functions 01 to 06, 15, 16, 22 or 23.</summary>
/// <remarks>
/// <b>Errors:</b> the factories throw <see cref="ArgumentOutOfRangeException"/> for what the standard does not allow; configuration is checked
/// before it gets here.
/// <b>Source:</b> MODBUS Application Protocol V1.1b3, 6.1 to 6.6, 6.11, 6.12, 6.16, 6.17.
/// </remarks>
public readonly record struct ModbusRequest
{
    /// <summary>Bytes of every request of functions 01 to 06 on an RTU line, CRC included.</summary>
    public const int ReadSize = 8;

    /// <summary>The longest RTU frame, CRC included.</summary>
    public const int SizeMax = 256;

    private const int UnitMax = 247;
    private const int HeadSize = 6;
    private const ushort CoilOn = 0xFF00;
    private const int CoilsWrittenMax = 1968;
    private const int RegistersWrittenMax = 123;
    private const int RegistersExchangedMax = 121;

    private ModbusRequest(byte unit, byte function, ushort address, ushort argument, ReadOnlyMemory<byte> rest = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(unit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unit, UnitMax);
        (Unit, Function, Address, Argument, Rest) = (unit, function, address, argument, rest);
    }

    /// <summary>The unit asked, 1 to 247; broadcasts are not answered and cannot be built.</summary>
    public byte Unit { get; }

    /// <summary>A code of <see cref="ModbusFunction"/>.</summary>
    public byte Function { get; }

    /// <summary>First coil, input or register, counted from 0 as on the wire; function 23: the first one read.</summary>
    public ushort Address { get; }

    /// <summary>01 to 04, 15, 16, 23: the quantity. 05, 06: the value as it stands on the wire. 22: the AND mask.</summary>
    public ushort Argument { get; }

    /// <summary>What follows those two on the wire: byte count and values (15, 16), OR mask (22), what is written (23); empty for all others.</summary>
    public ReadOnlyMemory<byte> Rest { get; }

    /// <summary>Bytes of unit, function and data, as they stand between the framing of RTU or TCP.</summary>
    public int BodySize => HeadSize + Rest.Length;

    /// <summary>Bytes on an RTU line, CRC included.</summary>
    public int Size => BodySize + ModbusCrc.Size;

    /// <summary>It brings data: 01 to 04 and 23.</summary>
    public bool BringsData => ModbusFunction.IsRead(Function) || Function == ModbusFunction.ReadWriteMultipleRegisters;

    /// <summary>Bytes of data a good reply carries; 0 when it only confirms.</summary>
    public int DataSize => Function switch
    {
        ModbusFunction.ReadCoils or ModbusFunction.ReadDiscreteInputs => (Argument + 7) / 8,
        ModbusFunction.ReadHoldingRegisters or ModbusFunction.ReadInputRegisters or ModbusFunction.ReadWriteMultipleRegisters => Argument * 2,
        _ => 0,
    };

    /// <summary>Bytes of unit, function and data of a good reply.</summary>
    public int ReplyBodySize => BringsData ? 3 + DataSize : Function == ModbusFunction.MaskWriteRegister ? HeadSize + 2 : HeadSize;

    /// <summary>Bytes of a good reply on an RTU line, CRC included.</summary>
    public int ReplySize => ReplyBodySize + ModbusCrc.Size;

    /// <summary>Reads <paramref name="quantity"/> bits (01, 02: 1 to 2000) or registers (03, 04: 1 to 125).</summary>
    public static ModbusRequest Read(byte unit, byte function, ushort address, ushort quantity)
    {
        if (!ModbusFunction.IsRead(function)) throw new ArgumentOutOfRangeException(nameof(function), function, "expected a reading function, 1 to 4");
        CheckRange(address, quantity, ModbusFunction.QuantityMax(function));
        return new(unit, function, address, quantity);
    }

    public static ModbusRequest WriteCoil(byte unit, ushort address, bool on) =>
        new(unit, ModbusFunction.WriteSingleCoil, address, on ? CoilOn : (ushort)0);

    public static ModbusRequest WriteRegister(byte unit, ushort address, ushort value) =>
        new(unit, ModbusFunction.WriteSingleRegister, address, value);

    /// <summary>Function 15: 1 to 1968 coils, the first one in bit 0 of the first byte.</summary>
    public static ModbusRequest WriteCoils(byte unit, ushort address, ReadOnlySpan<bool> coils)
    {
        CheckRange(address, coils.Length, CoilsWrittenMax);
        byte[] rest = new byte[1 + ((coils.Length + 7) / 8)];
        rest[0] = (byte)(rest.Length - 1);
        for (int i = 0; i < coils.Length; i++)
            if (coils[i]) rest[1 + (i / 8)] |= (byte)(1 << (i % 8));
        return new(unit, ModbusFunction.WriteMultipleCoils, address, (ushort)coils.Length, rest);
    }

    /// <summary>Function 16: 1 to 123 registers.</summary>
    public static ModbusRequest WriteRegisters(byte unit, ushort address, ReadOnlySpan<ushort> values)
    {
        CheckRange(address, values.Length, RegistersWrittenMax);
        byte[] rest = new byte[1 + (2 * values.Length)];
        WriteValues(rest, values);
        return new(unit, ModbusFunction.WriteMultipleRegisters, address, (ushort)values.Length, rest);
    }

    /// <summary>Function 22: register = (register AND <paramref name="and"/>) OR (<paramref name="or"/> AND NOT <paramref name="and"/>).</summary>
    public static ModbusRequest MaskRegister(byte unit, ushort address, ushort and, ushort or) =>
        new(unit, ModbusFunction.MaskWriteRegister, address, and, new[] { (byte)(or >> 8), (byte)or });

    /// <summary>Function 23: writes 1 to 121 registers, then reads 1 to 125, in one transaction.</summary>
    public static ModbusRequest Exchange(byte unit, ushort readAddress, ushort quantity, ushort writeAddress, ReadOnlySpan<ushort> values)
    {
        CheckRange(readAddress, quantity, ModbusFunction.QuantityMax(ModbusFunction.ReadHoldingRegisters));
        CheckRange(writeAddress, values.Length, RegistersExchangedMax);
        byte[] rest = new byte[5 + (2 * values.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(rest, writeAddress);
        BinaryPrimitives.WriteUInt16BigEndian(rest.AsSpan(2), (ushort)values.Length);
        WriteValues(rest.AsSpan(4), values);
        return new(unit, ModbusFunction.ReadWriteMultipleRegisters, readAddress, quantity, rest);
    }

    /// <summary>Writes unit, function and data into the first <see cref="BodySize"/> bytes of <paramref name="destination"/>.</summary>
    public void EncodeBody(Span<byte> destination)
    {
        (destination[0], destination[1]) = (Unit, Function);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Argument);
        Rest.Span.CopyTo(destination[HeadSize..]);
    }

    /// <summary>Writes the RTU frame into the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    public void Encode(Span<byte> destination)
    {
        EncodeBody(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[BodySize..], ModbusCrc.Compute(destination[..BodySize]));
    }

    private static void WriteValues(Span<byte> counted, ReadOnlySpan<ushort> values)
    {
        counted[0] = (byte)(2 * values.Length);
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(counted[(1 + (2 * i))..], values[i]);
    }

    private static void CheckRange(ushort address, int quantity, int max)
    {
        ArgumentOutOfRangeException.ThrowIfZero(quantity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address + quantity, 0x10000, nameof(quantity));
    }
}
