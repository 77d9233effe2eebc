namespace Gateway.Protocols.Modbus;

/// <summary>Finds the answer to one request in everything received since, whatever else is on the line.</summary>
/// <remarks>
/// <b>Shape:</b> stateless; called again with the grown buffer after each read, so that the split of the bytes cannot matter.
/// Intact frames of others are skipped whole, anything else byte by byte.
/// <b>Errors:</b> none throws; what was seen instead of an answer is in <see cref="ModbusScan.Evidence"/>.
/// </remarks>
public static class ModbusReplyScanner
{
    private const int PendingMin = 2;

    public static ModbusScan Scan(scoped in ModbusRequest request, ReadOnlySpan<byte> received)
    {
        var evidence = ModbusEvidence.Silence;
        var pending = false;
        for (var offset = 0; offset < received.Length;)
        {
            var rest = received[offset..];
            var reply = ModbusReplyDecoder.Decode(request, rest);
            if (reply.IsAnswer)
                return new(reply, offset, evidence, isPending: false);

            var whole = reply.Verdict is ModbusVerdict.NeedMore or ModbusVerdict.BadCrc ? 0 : ModbusReplyDecoder.MeasureAnyReply(rest);
            var found = Judge(reply.Verdict, rest.Length, whole);
            pending |= found == ModbusEvidence.Partial;
            evidence = found > evidence ? found : evidence;
            offset += Math.Max(whole, 1);
        }

        return new(new(ModbusVerdict.NeedMore), 0, evidence, pending);
    }

    private static ModbusEvidence Judge(ModbusVerdict verdict, int available, int whole) => verdict switch
    {
        ModbusVerdict.NeedMore when available >= PendingMin => ModbusEvidence.Partial,
        ModbusVerdict.BadCrc => ModbusEvidence.BadCrc,
        ModbusVerdict.WrongByteCount when whole > 0 => ModbusEvidence.WrongByteCount,
        ModbusVerdict.ForeignUnit or ModbusVerdict.ForeignFunction when whole > 0 => ModbusEvidence.Foreign,
        _ => ModbusEvidence.Noise,
    };
}
