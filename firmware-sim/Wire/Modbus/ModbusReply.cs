using System.Buffers.Binary;

namespace FirmwareSim.Wire.Modbus;

/// <summary>What a slave answers to FC 03 (Modbus application protocol 1.1b3, §6.3 and §7).</summary>
internal static class ModbusReply
{
    private const byte ReadHoldingRegisters = 3;
    private const int ReadRequestBytes = 8;
    private const int WordsMax = 125;

    public static byte[] To(ReadOnlySpan<byte> request, RegisterImage image)
    {
        byte function = request[1];
        if (function != ReadHoldingRegisters) return Exception(request, ModbusException.IllegalFunction);
        if (request.Length != ReadRequestBytes) return Exception(request, ModbusException.IllegalValue);
        int first = BinaryPrimitives.ReadUInt16BigEndian(request[2..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(request[4..]);
        if (count is < 1 or > WordsMax) return Exception(request, ModbusException.IllegalValue);
        int offset = first - image.First;
        if (offset < 0 || offset + count > image.Words.Count) return Exception(request, ModbusException.IllegalAddress);

        byte[] body = new byte[3 + (2 * count)];
        (body[0], body[1], body[2]) = (request[0], function, (byte)(2 * count));
        for (int i = 0; i < count; i++) BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(3 + (2 * i)), image.Words[offset + i]);
        return ModbusCrc.Append(body);
    }

    private static byte[] Exception(ReadOnlySpan<byte> request, ModbusException code) =>
        ModbusCrc.Append([request[0], (byte)(request[1] | 0x80), (byte)code]);
}

internal enum ModbusException : byte { IllegalFunction = 1, IllegalAddress = 2, IllegalValue = 3 }
