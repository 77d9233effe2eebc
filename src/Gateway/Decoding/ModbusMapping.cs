using Gateway.Links.Modbus;

namespace Gateway.Decoding;

/// <param name="Blocks">What is polled every expected interval; near ones are merged by the bus.</param>
public sealed record ModbusMapping(IReadOnlyList<ModbusReadBlock> Blocks, IReadOnlyList<ModbusField> Fields);

/// <summary>Where a field stands among a unit's registers or coils, and how its number is made.</summary>
/// <param name="Function">The function that reads it, 1 to 4; with 1 and 2 it is one coil or input.</param>
/// <param name="Bits">The bits of the number that are the field, or null for all.</param>
/// <param name="Values">What the raw numbers stand for, before scale and offset; null = themselves. A number that is not listed is bad.</param>
public sealed record ModbusField(ushort Slot, byte Function, ushort Address, ModbusType Type, ModbusOrder Order, double Scale, double Offset, ModbusBits? Bits = null, IReadOnlyDictionary<long, double>? Values = null)
{
    /// <summary>Registers, or coils, it takes.</summary>
    public int Count => Type switch
    {
        ModbusType.U32 or ModbusType.I32 or ModbusType.F32 or ModbusType.Bcd32 => 2,
        ModbusType.U64 or ModbusType.I64 or ModbusType.F64 => 4,
        _ => 1,
    };
}

/// <summary>What a number is made of; BCD has four decimal digits a register.</summary>
public enum ModbusType : byte { U16, I16, U32, I32, U64, I64, F32, F64, Bcd16, Bcd32 }

/// <summary>How a number lies in its registers, for the bytes A (highest) to D: <c>big</c> ABCD, as the standard has registers; <c>big-swapped</c> CDAB, low word first; <c>little</c> DCBA; <c>little-swapped</c> BADC.</summary>
public enum ModbusOrder : byte { Big, BigSwapped, Little, LittleSwapped }

/// <param name="From">Lowest bit, counted from 0.</param>
public sealed record ModbusBits(int From, int Count);
