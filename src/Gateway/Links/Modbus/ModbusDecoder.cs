using System.Buffers.Binary;
using Gateway.Decoding;

namespace Gateway.Links.Modbus;

/// <summary>Turns the registers of one answered block into samples through the device's profile.</summary>
internal static class ModbusDecoder
{
    /// <param name="registers">Big-endian words of the block, from its first address on.</param>
    public static DecodeOutcome Decode(DeviceRoute route, ModbusReadBlock block, ReadOnlySpan<byte> registers, DecodedMessage into)
    {
        if (route.Profile.Modbus is not { } mapping) return DecodeOutcome.NoSuchMapping;
        into.Begin(route);
        foreach (var field in mapping.Fields)
        {
            int at = 2 * (field.Address - block.Address);
            if (at < 0 || at + 2 * field.Words > registers.Length) continue;
            into.Add(field.Slot, Math.Round(Raw(registers[at..], field.Type) * field.Scale + field.Offset, 6));
        }
        into.End();
        return into.SampleCount == 0 ? DecodeOutcome.NoKnownField : DecodeOutcome.Decoded;
    }

    private static double Raw(ReadOnlySpan<byte> at, ModbusType type) => type switch
    {
        ModbusType.I16 => BinaryPrimitives.ReadInt16BigEndian(at),
        ModbusType.U32 => BinaryPrimitives.ReadUInt32BigEndian(at),
        ModbusType.I32 => BinaryPrimitives.ReadInt32BigEndian(at),
        ModbusType.F32 => BinaryPrimitives.ReadSingleBigEndian(at),
        _ => BinaryPrimitives.ReadUInt16BigEndian(at),
    };
}
