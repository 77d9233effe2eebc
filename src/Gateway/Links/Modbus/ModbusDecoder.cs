using System.Buffers.Binary;
using Gateway.Decoding;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>Turns the registers or coils of one answered read into samples through the device's profile.</summary>
internal static class ModbusDecoder
{
    private const int RegisterBytes = 2;
    private const int NumberBytesMax = 8;

    /// <param name="data">Big-endian registers from the block's first address on, or bits with the first one in bit 0.</param>
    public static DecodeOutcome Decode(DeviceRoute route, ModbusReadBlock block, ReadOnlySpan<byte> data, DecodedMessage into)
    {
        if (route.Profile.Modbus is not { } mapping) return DecodeOutcome.NoSuchMapping;
        into.Begin(route);
        foreach (var field in mapping.Fields)
        {
            int first = field.Address - block.Address;
            if (field.Function != block.Function || first < 0 || first + field.Count > block.Count) continue;
            if (ValueOf(field, first, data) is { } value) into.Add(field.Slot, Math.Round((value * field.Scale) + field.Offset, 6));
            else into.Refuse(field.Slot);
        }
        into.End();
        return into.SampleCount == 0 ? DecodeOutcome.NoKnownField : DecodeOutcome.Decoded;
    }

    /// <summary>The field's number before scale and offset; null when the registers carry none: digits that are no digits, a float that is none, a value without a meaning.</summary>
    /// <param name="first">Where it begins in the data, in registers or coils.</param>
    public static double? ValueOf(ModbusField field, int first, ReadOnlySpan<byte> data)
    {
        if (field.Function <= ModbusFunction.ReadDiscreteInputs) return Meaning(field, data[first / 8] >> (first % 8) & 1);
        Span<byte> number = stackalloc byte[NumberBytesMax];
        int size = RegisterBytes * field.Count;
        Arrange(data.Slice(RegisterBytes * first, size), field.Order, number = number[(NumberBytesMax - size)..]);
        if (field.Type == ModbusType.F32) return Finite(BinaryPrimitives.ReadSingleBigEndian(number));
        if (field.Type == ModbusType.F64) return Finite(BinaryPrimitives.ReadDoubleBigEndian(number));

        ulong raw = 0;
        foreach (byte part in number) raw = raw << 8 | part;
        if (field.Bits is { } bits) return Meaning(field, (long)(raw >> bits.From & (bits.Count == 64 ? ulong.MaxValue : (1UL << bits.Count) - 1)));
        return field.Type switch
        {
            ModbusType.I16 => Meaning(field, (short)raw),
            ModbusType.I32 => Meaning(field, (int)raw),
            ModbusType.U64 when field.Values is null => raw,
            ModbusType.Bcd16 or ModbusType.Bcd32 => Decimal(raw) is { } digits ? Meaning(field, digits) : null,
            _ => Meaning(field, (long)raw),
        };
    }

    /// <summary>Highest byte first, whatever the device's order.</summary>
    private static void Arrange(ReadOnlySpan<byte> registers, ModbusOrder order, Span<byte> number)
    {
        int words = registers.Length / RegisterBytes;
        bool wordsSwapped = order is ModbusOrder.BigSwapped or ModbusOrder.Little, bytesSwapped = order is ModbusOrder.Little or ModbusOrder.LittleSwapped;
        for (int word = 0; word < words; word++)
        {
            var from = registers.Slice(RegisterBytes * (wordsSwapped ? words - 1 - word : word), RegisterBytes);
            (number[2 * word], number[(2 * word) + 1]) = bytesSwapped ? (from[1], from[0]) : (from[0], from[1]);
        }
    }

    private static double? Meaning(ModbusField field, long raw)
    {
        if (field.Values is null) return raw;
        return field.Values.TryGetValue(raw, out double value) ? value : null;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static long? Decimal(ulong raw)
    {
        long value = 0;
        for (int shift = 28; shift >= 0; shift -= 4)
        {
            long digit = (long)(raw >> shift & 0xF);
            if (digit > 9) return null;
            value = (10 * value) + digit;
        }
        return value;
    }
}
