using System.Buffers.Binary;

namespace Gateway.Protocols.Modbus;

/// <summary>Decides what bytes are for one request, when they are taken to start with a frame.</summary>
/// <remarks>
/// <b>Errors:</b> every outcome is a <see cref="ModbusVerdict"/>; no input throws. The verdict falls at the first byte that rules the reply out,
/// so that noise is never waited for.
/// <b>Source:</b> MODBUS Application Protocol V1.1b3, 6.1 to 6.6 and 7; MODBUS over Serial Line V1.02, 2.5.1.
/// </remarks>
public static class ModbusReplyDecoder
{
    private const int ExceptionSize = 5;
    private const int FrameMax = 256;

    public static ModbusReply Decode(in ModbusRequest request, ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty)
            return new(ModbusVerdict.NeedMore);
        if (received[0] != request.Unit)
            return new(ModbusVerdict.ForeignUnit);
        if (received.Length < 2)
            return new(ModbusVerdict.NeedMore);
        if (received[1] == (request.Function | ModbusFunction.ExceptionFlag))
            return DecodeException(received);
        if (received[1] != request.Function)
            return new(ModbusVerdict.ForeignFunction);

        return ModbusFunction.IsRead(request.Function) ? DecodeRead(request, received) : DecodeEcho(request, received);
    }

    /// <summary>The size of the intact reply of whatever unit and function that starts <paramref name="received"/>; 0 when there is none.</summary>
    public static int MeasureAnyReply(ReadOnlySpan<byte> received)
    {
        if (received.Length < ExceptionSize)
            return 0;

        var size = received[1] switch
        {
            >= ModbusFunction.ReadCoils and <= ModbusFunction.ReadInputRegisters => 3 + received[2] + ModbusCrc.Size,
            ModbusFunction.WriteSingleCoil or ModbusFunction.WriteSingleRegister => ModbusRequest.Size,
            ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters => ModbusRequest.Size,
            >= ModbusFunction.ExceptionFlag => ExceptionSize,
            _ => 0,
        };
        return size is > 0 and <= FrameMax && size <= received.Length && ModbusCrc.Closes(received[..size]) ? size : 0;
    }

    private static ModbusReply DecodeException(ReadOnlySpan<byte> received)
    {
        if (received.Length < ExceptionSize)
            return new(ModbusVerdict.NeedMore);

        return ModbusCrc.Closes(received[..ExceptionSize])
            ? new(ModbusVerdict.Exception, ExceptionSize, exceptionCode: received[2])
            : new(ModbusVerdict.BadCrc, ExceptionSize);
    }

    private static ModbusReply DecodeRead(in ModbusRequest request, ReadOnlySpan<byte> received)
    {
        if (received.Length < 3)
            return new(ModbusVerdict.NeedMore);
        if (received[2] != request.DataSize)
            return new(ModbusVerdict.WrongByteCount);

        var size = request.ReplySize;
        if (received.Length < size)
            return new(ModbusVerdict.NeedMore);

        return ModbusCrc.Closes(received[..size])
            ? new(ModbusVerdict.Complete, size, received.Slice(3, request.DataSize))
            : new(ModbusVerdict.BadCrc, size);
    }

    private static ModbusReply DecodeEcho(in ModbusRequest request, ReadOnlySpan<byte> received)
    {
        if (received.Length < ModbusRequest.Size)
            return new(ModbusVerdict.NeedMore);
        if (!ModbusCrc.Closes(received[..ModbusRequest.Size]))
            return new(ModbusVerdict.BadCrc, ModbusRequest.Size);

        var same = BinaryPrimitives.ReadUInt16BigEndian(received[2..]) == request.Address
            && BinaryPrimitives.ReadUInt16BigEndian(received[4..]) == request.Argument;
        return same ? new(ModbusVerdict.Complete, ModbusRequest.Size) : new(ModbusVerdict.WrongByteCount);
    }
}
