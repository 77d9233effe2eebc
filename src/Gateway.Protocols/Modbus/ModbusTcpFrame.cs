using System.Buffers.Binary;

namespace Gateway.Protocols.Modbus;

/// <summary>The header of Modbus TCP before unit, function and data.</summary>
/// <remarks><b>Source:</b> MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3.</remarks>
public static class ModbusTcpFrame
{
    /// <summary>Transaction id, protocol, length: what stands before the unit.</summary>
    public const int HeaderSize = 6;

    private const int BodyMin = 3;
    private const int BodyMax = 254;

    /// <summary>Writes the frame; returns its bytes, at most header and <see cref="ModbusRequest.SizeMax"/>.</summary>
    public static int Encode(scoped in ModbusRequest request, ushort transaction, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)request.BodySize);
        request.EncodeBody(destination[HeaderSize..]);
        return HeaderSize + request.BodySize;
    }

    /// <summary>Finds the reply to one request in everything received since.</summary>
    /// <remarks>As <see cref="ModbusReplyScanner"/>; <see cref="ModbusReply.Size"/> counts the header too. A whole frame of another transaction is <see cref="ModbusEvidence.Foreign"/>.</remarks>
    public static ModbusScan Scan(scoped in ModbusRequest request, ushort transaction, ReadOnlySpan<byte> received)
    {
        var evidence = ModbusEvidence.Silence;
        for (int offset = 0; offset < received.Length;)
        {
            var rest = received[offset..];
            int size = Measure(rest);
            if (size > rest.Length) return new(new(ModbusVerdict.NeedMore), 0, Later(evidence, ModbusEvidence.Partial), isPending: true);
            if (size > 0 && BinaryPrimitives.ReadUInt16BigEndian(rest) == transaction)
            {
                var reply = ModbusReplyDecoder.DecodeBody(request, rest[HeaderSize..size]);
                if (reply.IsAnswer) return new(new(reply.Verdict, size, reply.Data, reply.ExceptionCode), offset, evidence, isPending: false);
                evidence = Later(evidence, reply.Verdict == ModbusVerdict.WrongByteCount ? ModbusEvidence.WrongByteCount : ModbusEvidence.Foreign);
            }
            else
            {
                evidence = Later(evidence, size > 0 ? ModbusEvidence.Foreign : ModbusEvidence.Noise);
            }
            offset += Math.Max(size, 1);
        }
        return new(new(ModbusVerdict.NeedMore), 0, evidence, isPending: false);
    }

    /// <summary>Bytes of the frame that these bytes begin, which may be more than there are; 0 when they begin none.</summary>
    public static int Measure(ReadOnlySpan<byte> received)
    {
        if (received.Length >= 3 && received[2] != 0 || received.Length >= 4 && received[3] != 0) return 0;
        if (received.Length < HeaderSize) return HeaderSize + BodyMin;
        int body = BinaryPrimitives.ReadUInt16BigEndian(received[4..]);
        return body is >= BodyMin and <= BodyMax ? HeaderSize + body : 0;
    }

    private static ModbusEvidence Later(ModbusEvidence left, ModbusEvidence right) => left > right ? left : right;
}
