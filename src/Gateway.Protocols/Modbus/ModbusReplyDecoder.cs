namespace Gateway.Protocols.Modbus;

/// <summary>Decides what bytes are for one request, when they are taken to start with a frame.</summary>
/// <remarks>
/// <b>Errors:</b> every outcome is a <see cref="ModbusVerdict"/>; no input throws. The verdict falls at the first byte that rules the reply out,
/// so that noise is never waited for.
/// <b>Source:</b> MODBUS Application Protocol V1.1b3, 6 and 7; MODBUS over Serial Line V1.02, 2.5.1.
/// </remarks>
public static class ModbusReplyDecoder
{
    private const int ExceptionBodySize = 3;

    /// <summary>An RTU frame, or its beginning, with whatever follows it.</summary>
    public static ModbusReply Decode(scoped in ModbusRequest request, ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty) return new(ModbusVerdict.NeedMore);
        if (received[0] != request.Unit) return new(ModbusVerdict.ForeignUnit);
        if (received.Length < 2) return new(ModbusVerdict.NeedMore);
        bool refused = received[1] == (request.Function | ModbusFunction.ExceptionFlag);
        if (!refused && received[1] != request.Function) return new(ModbusVerdict.ForeignFunction);
        if (!refused && request.BringsData)
        {
            if (received.Length < 3) return new(ModbusVerdict.NeedMore);
            if (received[2] != request.DataSize) return new(ModbusVerdict.WrongByteCount);
        }

        int size = (refused ? ExceptionBodySize : request.ReplyBodySize) + ModbusCrc.Size;
        if (received.Length < size) return new(ModbusVerdict.NeedMore);
        if (!ModbusCrc.Closes(received[..size])) return new(ModbusVerdict.BadCrc, size);
        var reply = DecodeBody(request, received[..(size - ModbusCrc.Size)]);
        return reply.IsAnswer ? new(reply.Verdict, size, reply.Data, reply.ExceptionCode) : reply;
    }

    /// <summary>Unit, function and data of a frame that its framing has shown to be whole.</summary>
    public static ModbusReply DecodeBody(scoped in ModbusRequest request, ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[0] != request.Unit) return new(ModbusVerdict.ForeignUnit);
        if (body[1] == (request.Function | ModbusFunction.ExceptionFlag) && body.Length == ExceptionBodySize)
            return new(ModbusVerdict.Exception, body.Length, exceptionCode: body[2]);
        if (body[1] != request.Function) return new(ModbusVerdict.ForeignFunction);
        if (body.Length != request.ReplyBodySize) return new(ModbusVerdict.WrongByteCount);
        if (request.BringsData)
            return body[2] == request.DataSize ? new(ModbusVerdict.Complete, body.Length, body[3..]) : new(ModbusVerdict.WrongByteCount);

        // What was written is said again, from the front of the request on.
        Span<byte> sent = stackalloc byte[ModbusRequest.SizeMax];
        request.EncodeBody(sent);
        return body.SequenceEqual(sent[..body.Length]) ? new(ModbusVerdict.Complete, body.Length) : new(ModbusVerdict.WrongByteCount);
    }

    /// <summary>The size of the intact reply of whatever unit and function that starts <paramref name="received"/>; 0 when there is none.</summary>
    public static int MeasureAnyReply(ReadOnlySpan<byte> received)
    {
        if (received.Length < ExceptionBodySize + ModbusCrc.Size) return 0;
        int body = received[1] switch
        {
            >= ModbusFunction.ReadCoils and <= ModbusFunction.ReadInputRegisters or ModbusFunction.ReadWriteMultipleRegisters => 3 + received[2],
            ModbusFunction.WriteSingleCoil or ModbusFunction.WriteSingleRegister => 6,
            ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters => 6,
            ModbusFunction.MaskWriteRegister => 8,
            >= ModbusFunction.ExceptionFlag => ExceptionBodySize,
            _ => 0,
        };
        int size = body + ModbusCrc.Size;
        return body > 0 && size <= ModbusRequest.SizeMax && size <= received.Length && ModbusCrc.Closes(received[..size]) ? size : 0;
    }
}
