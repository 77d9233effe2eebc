using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>Requests and replies on an open port: silence, send, and wait for the one answer that belongs to the request.</summary>
/// <remarks><c>origin</c> is the timestamp that the bus counts its time from. <b>Threading:</b> the bus's thread only.</remarks>
internal sealed class ModbusLine(SerialPort port, BusTiming timing, StopSignal stop, TimeProvider time, long origin)
{
    /// <summary>Twice the longest frame: more than this without an answer is babble.</summary>
    private const int ReceivedMax = 512;

    /// <summary>A line that is never silent is spoken into after this long: the request then fails and says what was seen.</summary>
    private static readonly TimeSpan s_silenceWaitMax = TimeSpan.FromMilliseconds(100);

    /// <summary>What a dripping unit may take for a reply beyond its time on the wire.</summary>
    private static readonly TimeSpan s_replyMax = TimeSpan.FromSeconds(1.5);

    /// <summary>Eight bytes always fit the driver's queue, unless the adapter hangs.</summary>
    private static readonly TimeSpan s_writeMax = TimeSpan.FromMilliseconds(200);

    private readonly byte[] _received = new byte[ReceivedMax];
    private TimeSpan _lastByteAt = time.GetElapsedTime(origin);

    /// <summary>Time on this bus, counted from the origin.</summary>
    public TimeSpan Now => time.GetElapsedTime(origin);

    /// <summary>Bytes that belonged to no answer.</summary>
    public long DiscardedBytes { get; private set; }

    public ModbusAnswer Ask(in ModbusRequest request, TimeSpan responseTimeout)
    {
        var silence = AwaitSilence();
        if (silence.Kind != ModbusAnswerKind.Quiet)
            return silence;
        if (port.DiscardInput() is { } deaf)
            return Lost(deaf);

        Span<byte> frame = stackalloc byte[ModbusRequest.Size];
        request.Encode(frame);
        if (port.Write(frame, s_writeMax) is { } mute)
            return Lost(mute);

        return AwaitAnswer(request, responseTimeout);
    }

    /// <summary>Listens and forgets until <paramref name="until"/>: late replies end here, and a pulled adapter is noticed.</summary>
    public ModbusAnswer Listen(TimeSpan until)
    {
        while (until - Now is var rest && rest > TimeSpan.Zero)
        {
            var read = Read(_received, rest);
            if (read.Kind == SerialReadKind.Bytes)
                DiscardedBytes += read.Count;
            else if (read.Kind != SerialReadKind.Nothing)
                return Ended(read);
        }

        return new() { Kind = ModbusAnswerKind.Quiet };
    }

    private ModbusAnswer AwaitSilence()
    {
        var giveUpAt = Now + s_silenceWaitMax;
        while (true)
        {
            var quietAt = _lastByteAt + timing.Silence;
            if (quietAt <= Now || Now >= giveUpAt)
                return new() { Kind = ModbusAnswerKind.Quiet };

            var listened = Listen(quietAt < giveUpAt ? quietAt : giveUpAt);
            if (listened.Kind != ModbusAnswerKind.Quiet)
                return listened;
        }
    }

    private ModbusAnswer AwaitAnswer(in ModbusRequest request, TimeSpan responseTimeout)
    {
        var sentAt = Now + timing.Transmission(ModbusRequest.Size);
        _lastByteAt = sentAt;
        var deadline = sentAt + responseTimeout;
        var lastDeadline = deadline + timing.Transmission(request.ReplySize) + s_replyMax;
        var evidence = ModbusEvidence.Silence;
        var count = 0;
        while (deadline - Now is var rest && rest > TimeSpan.Zero && count < ReceivedMax)
        {
            var read = Read(_received.AsSpan(count), rest);
            if (read.Kind == SerialReadKind.Nothing)
                continue;
            if (read.Kind != SerialReadKind.Bytes)
                return Ended(read);

            var timestamp = time.GetTimestamp();
            count += read.Count;
            var scan = ModbusReplyScanner.Scan(request, _received.AsSpan(0, count));
            if (scan.Reply.IsAnswer)
            {
                DiscardedBytes += count - scan.Reply.Size;
                return Answered(scan.Reply, timestamp);
            }

            evidence = scan.Evidence;
            if (scan.IsPending)
                deadline = Clamp(Now + responseTimeout, deadline, lastDeadline);
        }

        DiscardedBytes += count;
        return new() { Kind = ModbusAnswerKind.Failed, Failure = FailureOf(evidence) };
    }

    private SerialRead Read(Span<byte> buffer, TimeSpan timeout)
    {
        var read = port.Read(buffer, timeout, stop);
        if (read.Kind == SerialReadKind.Bytes)
            _lastByteAt = Now;

        return read;
    }

    private static ModbusAnswer Answered(ModbusReply reply, long timestamp) => reply.Verdict == ModbusVerdict.Complete
        ? new() { Kind = ModbusAnswerKind.Data, Data = reply.Data, ReceivedTimestamp = timestamp }
        : new() { Kind = ModbusAnswerKind.Failed, Failure = ModbusFailure.Exception, ExceptionCode = reply.ExceptionCode };

    private static ModbusAnswer Ended(SerialRead read) => read.Fault is { } fault ? Lost(fault) : new() { Kind = ModbusAnswerKind.Stopped };

    private static ModbusAnswer Lost(SerialFault fault) => new() { Kind = ModbusAnswerKind.PortLost, Fault = fault };

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
