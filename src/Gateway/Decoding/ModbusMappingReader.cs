using System.Globalization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Links.Modbus;
using Gateway.Protocols.Modbus;

namespace Gateway.Decoding;

/// <summary>The Modbus part of a profile: what is polled, and where in it each field stands.</summary>
internal sealed class ModbusMappingReader
{
    private static readonly Dictionary<string, ModbusType> Types = new(StringComparer.Ordinal)
    {
        ["u16"] = ModbusType.U16, ["i16"] = ModbusType.I16, ["u32"] = ModbusType.U32, ["i32"] = ModbusType.I32, ["u64"] = ModbusType.U64, ["i64"] = ModbusType.I64,
        ["f32"] = ModbusType.F32, ["f64"] = ModbusType.F64, ["bcd16"] = ModbusType.Bcd16, ["bcd32"] = ModbusType.Bcd32,
    };

    private static readonly Dictionary<string, ModbusOrder> Orders = new(StringComparer.Ordinal)
    {
        ["big"] = ModbusOrder.Big, ["big-swapped"] = ModbusOrder.BigSwapped, ["little"] = ModbusOrder.Little, ["little-swapped"] = ModbusOrder.LittleSwapped,
    };

    private readonly List<ModbusField> _fields = [];

    public void ReadField(JsonObjectReader o, FieldSpec field, ushort slot, double scale, double offset)
    {
        var register = o.ObjectOrNull("register");
        var coil = o.ObjectOrNull("coil");
        if (register is not null && coil is not null) o.Report("coil", "expected either register or coil, saw both");
        if ((register ?? coil) is { } place && field.Type == FieldType.Text) place.Report("", "expected a number or integer field: registers carry no text here");
        if (coil is not null) ReadCoil(coil, slot, scale, offset);
        else if (register is not null) ReadRegister(register, slot, scale, offset);
    }

    /// <summary>Null when no field stands in a register.</summary>
    public ModbusMapping? Read(JsonObjectReader root, IReadOnlyList<FieldSpec> fields)
    {
        var blocks = root.ObjectOrNull("modbus") is { } modbus ? ReadBlocks(modbus) : [];
        for (int i = 0; i < _fields.Count; i++) _fields[i] = Place(root, fields[_fields[i].Slot].Name, _fields[i], blocks);
        return _fields.Count == 0 ? null : new ModbusMapping(blocks, _fields);
    }

    private void ReadCoil(JsonObjectReader o, ushort slot, double scale, double offset)
    {
        _fields.Add(new ModbusField(slot, (byte)(o.IntegerOrNull("function", 1, 2) ?? ModbusFunction.ReadCoils), Address(o), ModbusType.U16, ModbusOrder.Big, scale, offset, Values: ReadValues(o)));
        o.Done();
    }

    private void ReadRegister(JsonObjectReader o, ushort slot, double scale, double offset)
    {
        var type = o.OneOf("type", Types, ModbusType.U16, required: false);
        var order = o.OneOf("order", Orders, ModbusOrder.Big, required: false);
        int function = o.IntegerOrNull("function", 3, 4) ?? 0;
        var field = new ModbusField(slot, (byte)function, Address(o), type, order, scale, offset);
        field = field with { Bits = ReadBits(o, field), Values = ReadValues(o) };
        if (type is ModbusType.F32 or ModbusType.F64 && (field.Bits is not null || field.Values is not null)) o.Report("type", "expected an integer type beside bit, bits or values");
        _fields.Add(field);
        o.Done();
    }

    private static ushort Address(JsonObjectReader o)
    {
        if (!o.Has("address")) o.Report("address", "is missing (0 to 65535, as on the wire)");
        return (ushort)(o.IntegerOrNull("address", 0, 65_535) ?? 0);
    }

    private static ModbusBits? ReadBits(JsonObjectReader o, ModbusField field)
    {
        int width = 16 * field.Count;
        int? bit = o.IntegerOrNull("bit", 0, width - 1);
        if (o.ObjectOrNull("bits") is not { } bits) return bit is { } only ? new ModbusBits(only, 1) : null;
        if (bit is not null) o.Report("bits", "expected either bit or bits, saw both");
        int from = bits.IntegerOrNull("from", 0, width - 1) ?? 0;
        if (!bits.Has("count")) bits.Report("count", "is missing (how many bits)");
        int count = bits.IntegerOrNull("count", 1, width - from) ?? 1;
        bits.Done();
        return new ModbusBits(from, count);
    }

    private static Dictionary<long, double>? ReadValues(JsonObjectReader o)
    {
        if (o.ObjectOrNull("values") is not { } values) return null;
        var map = new Dictionary<long, double>();
        foreach (string raw in values.Keys())
        {
            if (!long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) values.Report(raw, "expected a whole number, as the register has it");
            map[number] = values.Number(raw, -1e12, 1e12);
        }
        if (map.Count == 0) o.Report("values", "expected at least one number");
        return map;
    }

    private static List<ModbusReadBlock> ReadBlocks(JsonObjectReader m)
    {
        var blocks = new List<ModbusReadBlock>();
        foreach (var b in m.Objects("blocks", required: true))
        {
            byte function = (byte)(b.IntegerOrNull("function", 1, 4) ?? ModbusFunction.ReadHoldingRegisters);
            ushort address = (ushort)(b.IntegerOrNull("address", 0, 65_535) ?? 0);
            blocks.Add(new ModbusReadBlock(function, address, (ushort)(b.IntegerOrNull("count", 1, Math.Min(ModbusFunction.QuantityMax(function), 65_536 - address)) ?? 1)));
            b.Done();
        }
        m.Done();
        return blocks;
    }

    /// <summary>A field is read by the first block that has it.</summary>
    private static ModbusField Place(JsonObjectReader root, string name, ModbusField field, List<ModbusReadBlock> blocks)
    {
        bool isCoil = field.Function is ModbusFunction.ReadCoils or ModbusFunction.ReadDiscreteInputs;
        var block = blocks.Find(b => (field.Function == 0 ? b.Function >= ModbusFunction.ReadHoldingRegisters : b.Function == field.Function)
            && b.Address <= field.Address && field.Address + field.Count <= b.Address + b.Count);
        if (block is not null) return field with { Function = block.Function };
        root.Report("modbus.blocks", $"expected a block that reads {(isCoil ? "coil" : "register")} {field.Address} (field {name}), saw none");
        return field;
    }
}
