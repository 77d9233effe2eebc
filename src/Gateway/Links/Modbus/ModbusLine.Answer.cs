using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>From the request sent to its answer: our own echo, what comes too early, what is another's, and what is still under way.</summary>
internal sealed partial class ModbusLine
{
    private ModbusAnswer AwaitAnswer(scoped in ModbusRequest request, ReadOnlySpan<byte> frame, TimeSpan sentFrom, TimeSpan responseTimeout, string device)
    {
        var sentAt = sentFrom + timing.Transmission(frame.Length);
        _lastByteAt = sentAt;
        var deadline = sentAt + responseTimeout;
        var lastDeadline = deadline + timing.Transmission(request.ReplySize) + s_replyMax;
        var evidence = ModbusEvidence.Silence;
        int from = 0, count = 0;
        bool echoed = false, early = false;
        long timestamp = time.GetTimestamp();
        while (deadline - Now is var rest && rest > TimeSpan.Zero && count < ReceivedMax)
        {
            var read = Read(_received.AsSpan(count), rest);
            if (read.Kind == SerialReadKind.Nothing) continue;
            if (read.Kind != SerialReadKind.Bytes) return Ended(read);

            timestamp = time.GetTimestamp();
            count += read.Count;
            if (!echoed && MayBeEcho(request) && count - from >= frame.Length && _received.AsSpan(from, frame.Length).SequenceEqual(frame))
            {
                (echoed, Echoes) = (true, true);
                trace.Echo(frame, timestamp);
                from += frame.Length;
            }

            var scan = SkipEarly(request, ref from, count, sentFrom, frame.Length, timestamp, ref early);
            if (scan.Reply.IsAnswer)
            {
                if (MayBeEcho(request)) Echoes ??= false;
                return Take(scan, from, count, timestamp, device);
            }

            evidence = early && scan.Evidence < ModbusEvidence.Foreign ? ModbusEvidence.Foreign : scan.Evidence;
            if (scan.IsPending) deadline = Clamp(Now + responseTimeout, deadline, lastDeadline);
        }

        var failure = FailureOf(evidence);
        trace.Strays(_received.AsSpan(from, count - from), timestamp, failure, device);
        return new() { Kind = ModbusAnswerKind.Failed, Failure = failure };
    }

    /// <summary>A reply that is here before request and reply fit on the wire since we began to send is not to our request.</summary>
    private ModbusScan SkipEarly(scoped in ModbusRequest request, scoped ref int from, int count, TimeSpan sentFrom, int frameLength, long timestamp, scoped ref bool early)
    {
        while (true)
        {
            var scan = Scan(request, _received.AsSpan(from, count - from));
            if (!scan.Reply.IsAnswer || !channel.KeepsTime) return scan;
            if (Now - sentFrom >= timing.Transmission(frameLength + scan.Reply.Size) * (1 - ClockTolerance)) return scan;
            int end = from + scan.Skipped + scan.Reply.Size;
            trace.Strays(_received.AsSpan(from, end - from), timestamp, ModbusFailure.Foreign);
            (early, from) = (true, end);
        }
    }

    private ModbusAnswer Take(ModbusScan scan, int from, int count, long timestamp, string device)
    {
        int start = from + scan.Skipped, end = start + scan.Reply.Size;
        if (scan.Skipped > 0) trace.Strays(_received.AsSpan(from, scan.Skipped), timestamp, ModbusFailure.Foreign);
        bool refused = scan.Reply.Verdict != ModbusVerdict.Complete;
        trace.Answer(_received.AsSpan(start, scan.Reply.Size), timestamp, device, refused);
        KeepStrays(_received.AsSpan(end, count - end), timestamp);
        return refused
            ? new() { Kind = ModbusAnswerKind.Failed, Failure = ModbusFailure.Exception, ExceptionCode = scan.Reply.ExceptionCode }
            : new() { Kind = ModbusAnswerKind.Data, Data = scan.Reply.Data, ReceivedTimestamp = timestamp };
    }

    /// <summary>Nothing but an echo begins like the request, unless the request is confirmed by its own words; then it must be known that this line echoes.</summary>
    private bool MayBeEcho(scoped in ModbusRequest request) => !tcp && (Echoes == true || request.BringsData
        || request.Function is ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters);

    private static TimeSpan Clamp(TimeSpan value, TimeSpan min, TimeSpan max) => value < min ? min : value > max ? max : value;

    private static ModbusFailure FailureOf(ModbusEvidence evidence) => evidence switch
    {
        ModbusEvidence.Silence => ModbusFailure.Timeout,
        ModbusEvidence.Foreign => ModbusFailure.Foreign,
        ModbusEvidence.WrongByteCount => ModbusFailure.WrongByteCount,
        ModbusEvidence.Partial => ModbusFailure.Incomplete,
        ModbusEvidence.BadCrc => ModbusFailure.BadCrc,
        _ => ModbusFailure.Noise,
    };
}
