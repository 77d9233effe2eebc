using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>Requests and replies on an open channel: silence, send, and wait for the one answer that belongs to the request.</summary>
/// <remarks><c>origin</c> is the timestamp that the bus counts its time from; <c>isWanted</c> ends a listening early. <b>Threading:</b> the bus's thread only.</remarks>
internal sealed partial class ModbusLine(IModbusChannel channel, BusTiming timing, bool tcp, StopSignal stop, TimeProvider time, long origin, LineTrace trace, Func<bool> isWanted)
{
    /// <summary>An echo, the longest frame, and as much again: more than this without an answer is babble.</summary>
    private const int ReceivedMax = 1024;

    /// <summary>A line that is never silent is spoken into after this long: the request then fails and says what was seen.</summary>
    private static readonly TimeSpan s_silenceWaitMax = TimeSpan.FromMilliseconds(100);

    /// <summary>What came between requests is looked at once the line was quiet for this long.</summary>
    private static readonly TimeSpan s_strayQuiet = TimeSpan.FromMilliseconds(50);

    /// <summary>What a dripping unit may take for a reply beyond its time on the wire.</summary>
    private static readonly TimeSpan s_replyMax = TimeSpan.FromSeconds(1.5);

    /// <summary>A frame always fits the driver's queue, unless the adapter hangs.</summary>
    private static readonly TimeSpan s_writeMax = TimeSpan.FromMilliseconds(200);

    /// <summary>Both clocks may be off: nothing is called too early that is not early by more than this.</summary>
    private const double ClockTolerance = 0.05;

    private readonly byte[] _received = new byte[ReceivedMax];
    private readonly byte[] _stray = new byte[ReceivedMax];
    private readonly byte[] _frame = new byte[ModbusTcpFrame.HeaderSize + ModbusRequest.SizeMax];
    private int _strays;
    private long _strayAt;
    private ushort _transaction;
    private TimeSpan _lastByteAt = time.GetElapsedTime(origin);

    /// <summary>Time on this bus, counted from the origin.</summary>
    public TimeSpan Now => time.GetElapsedTime(origin);

    /// <summary>The adapter hears what it sends; null until a reply has shown it. Without knowing it the confirmation of a write cannot be told from its echo.</summary>
    public bool? Echoes { get; private set; }

    public ModbusAnswer Ask(scoped in ModbusRequest request, TimeSpan responseTimeout, string device)
    {
        var silence = AwaitSilence();
        if (silence.Kind != ModbusAnswerKind.Quiet) return silence;

        var frame = Encode(request);
        var sentFrom = Now;
        trace.Sent(frame, time.GetTimestamp(), device);
        if (channel.Write(frame, s_writeMax) is { } mute) return Lost(mute);
        return AwaitAnswer(request, frame, sentFrom, responseTimeout, device);
    }

    /// <summary>Listens until <paramref name="until"/>, or until something else is wanted: late replies end here, and a pulled adapter is noticed.</summary>
    public ModbusAnswer Listen(TimeSpan until)
    {
        while (until - Now is var rest && rest > TimeSpan.Zero && !isWanted())
        {
            if (_strays > 0 && rest > s_strayQuiet) rest = s_strayQuiet;
            var read = ReadStray(rest);
            if (read.Kind is SerialReadKind.Stopped or SerialReadKind.Lost) return Ended(read);
            if (read.Kind == SerialReadKind.Nothing && Now - _lastByteAt >= s_strayQuiet) FlushStrays();
        }
        return new() { Kind = ModbusAnswerKind.Quiet };
    }

    /// <summary>Everything received before a request belongs to none; it is read, so that it cannot be taken for the answer.</summary>
    private ModbusAnswer AwaitSilence()
    {
        var giveUpAt = Now + s_silenceWaitMax;
        while (true)
        {
            var rest = _lastByteAt + timing.Silence - Now;
            var read = ReadStray(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
            if (read.Kind is SerialReadKind.Stopped or SerialReadKind.Lost) return Ended(read);
            if (Now < giveUpAt && (read.Kind == SerialReadKind.Bytes || _lastByteAt + timing.Silence > Now)) continue;
            FlushStrays();
            return new() { Kind = ModbusAnswerKind.Quiet };
        }
    }

    private SerialRead ReadStray(TimeSpan timeout)
    {
        if (_strays == _stray.Length) FlushStrays();
        var read = Read(_stray.AsSpan(_strays), timeout);
        if (read.Kind == SerialReadKind.Bytes) (_strays, _strayAt) = (_strays + read.Count, time.GetTimestamp());
        return read;
    }

    private void FlushStrays()
    {
        if (_strays == 0) return;
        trace.Strays(_stray.AsSpan(0, _strays), _strayAt, ModbusFailure.Foreign);
        _strays = 0;
    }

    private void KeepStrays(ReadOnlySpan<byte> bytes, long timestamp)
    {
        if (bytes.IsEmpty) return;
        bytes = bytes[..Math.Min(bytes.Length, _stray.Length - _strays)];
        bytes.CopyTo(_stray.AsSpan(_strays));
        (_strays, _strayAt) = (_strays + bytes.Length, timestamp);
    }

    private ReadOnlySpan<byte> Encode(scoped in ModbusRequest request)
    {
        if (tcp) return _frame.AsSpan(0, ModbusTcpFrame.Encode(request, ++_transaction, _frame));
        request.Encode(_frame);
        return _frame.AsSpan(0, request.Size);
    }

    private ModbusScan Scan(scoped in ModbusRequest request, ReadOnlySpan<byte> received) =>
        tcp ? ModbusTcpFrame.Scan(request, _transaction, received) : ModbusReplyScanner.Scan(request, received);

    private SerialRead Read(Span<byte> buffer, TimeSpan timeout)
    {
        var read = channel.Read(buffer, timeout, stop);
        if (read.Kind == SerialReadKind.Bytes) _lastByteAt = Now;
        return read;
    }

    private static ModbusAnswer Ended(SerialRead read) => read.Fault is { } fault ? Lost(fault) : new() { Kind = ModbusAnswerKind.Stopped };

    private static ModbusAnswer Lost(SerialFault fault) => new() { Kind = ModbusAnswerKind.PortLost, Fault = fault };
}
