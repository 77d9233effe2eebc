using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>Writes down what was on the line: every frame into the ring, everything that belonged to no request into the tally.</summary>
internal sealed class LineTrace(FrameRing ring, BusTally tally, GatewayClock clock, bool tcp)
{
    public const string Ok = "ok";

    private readonly byte[] _lastAnswer = new byte[ModbusRequest.SizeMax + ModbusTcpFrame.HeaderSize];
    private int _lastAnswerSize;

    public void Sent(ReadOnlySpan<byte> frame, long timestamp, string device)
    {
        _lastAnswerSize = 0;
        ring.Add(FrameDirection.Sent, frame, clock.UsOf(timestamp), Ok, device);
    }

    public void Echo(ReadOnlySpan<byte> frame, long timestamp)
    {
        tally.Echoed();
        tally.Discarded(frame.Length);
        ring.Add(FrameDirection.Received, frame, clock.UsOf(timestamp), "echo");
    }

    public void Answer(ReadOnlySpan<byte> frame, long timestamp, string device, bool refused)
    {
        frame.CopyTo(_lastAnswer);
        _lastAnswerSize = frame.Length;
        ring.Add(FrameDirection.Received, frame, clock.UsOf(timestamp), refused ? FailureWords.Of(ModbusFailure.Exception) : Ok, device);
    }

    /// <summary>Bytes that were taken for nothing: intact frames one by one, the rest in runs.</summary>
    /// <param name="verdict">What the runs were to the request under way.</param>
    public void Strays(ReadOnlySpan<byte> bytes, long timestamp, ModbusFailure verdict, string? device = null)
    {
        tally.Discarded(bytes.Length);
        int run = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int size = Measure(bytes[at..]);
            if (size == 0)
            {
                at++;
                continue;
            }
            Run(bytes[run..at], timestamp, verdict, device);
            Frame(bytes.Slice(at, size), timestamp, verdict, device);
            run = at += size;
        }
        Run(bytes[run..], timestamp, verdict, device);
    }

    private void Run(ReadOnlySpan<byte> bytes, long timestamp, ModbusFailure verdict, string? device)
    {
        if (bytes.IsEmpty) return;
        // Between intact frames of others there is nothing but noise.
        var word = verdict is ModbusFailure.Timeout or ModbusFailure.Foreign or ModbusFailure.WrongByteCount ? ModbusFailure.Noise : verdict;
        ring.Add(FrameDirection.Received, bytes, clock.UsOf(timestamp), FailureWords.Of(word), word == ModbusFailure.Noise ? null : device);
    }

    private void Frame(ReadOnlySpan<byte> frame, long timestamp, ModbusFailure verdict, string? device)
    {
        byte unit = frame[UnitAt];
        if (verdict == ModbusFailure.WrongByteCount)
        {
            ring.Add(FrameDirection.Received, frame, clock.UsOf(timestamp), FailureWords.Of(verdict), device);
            return;
        }
        bool afterAnswer = _lastAnswerSize > 0 && _lastAnswer[UnitAt] == unit;
        if (!afterAnswer || !frame.SequenceEqual(_lastAnswer.AsSpan(0, _lastAnswerSize))) tally.Unasked(unit, afterAnswer);
        ring.Add(FrameDirection.Received, frame, clock.UsOf(timestamp), FailureWords.Of(ModbusFailure.Foreign));
    }

    private int UnitAt => tcp ? ModbusTcpFrame.HeaderSize : 0;

    private int Measure(ReadOnlySpan<byte> bytes)
    {
        if (!tcp) return ModbusReplyDecoder.MeasureAnyReply(bytes);
        int size = ModbusTcpFrame.Measure(bytes);
        return size <= bytes.Length ? size : 0;
    }
}
