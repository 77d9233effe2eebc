using System.Buffers;
using Gateway.Store;

namespace Gateway.Uplink;

/// <summary>What is next in a lane: whole lines from the cursor on. One owner each.</summary>
public abstract class LaneSource : IDisposable
{
    /// <summary>About this many bytes at most in one batch: well below every store's body limit.</summary>
    protected const int BatchBytesMax = 4 * 1024 * 1024;

    public abstract string Lane { get; }

    /// <returns>Lines, valid until the next call, and the cursor after them; no lines when the lane is empty.</returns>
    public abstract LaneBatch Read(long next, int linesMax);

    public abstract void Dispose();
}

/// <param name="Next">Cursor once these lines are settled.</param>
public readonly record struct LaneBatch(ReadOnlyMemory<byte> Lines, int Count, long Next);

public sealed class AlarmLaneSource(string statePath) : LaneSource
{
    private readonly StateReader _reader = new(statePath);

    public override string Lane => UplinkLedger.LaneOne;

    public override LaneBatch Read(long next, int linesMax)
    {
        var (lines, count, after) = _reader.LaneOne(next, linesMax);
        return new LaneBatch(lines, count, after);
    }

    public override void Dispose() => _reader.Dispose();
}

public sealed class TelemetryLaneSource(string telemetryPath) : LaneSource
{
    private readonly TelemetryReader _reader = new(telemetryPath);
    private readonly ArrayBufferWriter<byte> _lines = new(256 * 1024);

    public override string Lane => UplinkLedger.Telemetry;

    public override LaneBatch Read(long next, int linesMax)
    {
        _lines.ResetWrittenCount();
        int count = 0;
        _reader.ReadFrom(next, (head, body) =>
        {
            // Segments given up under the budget leave a hole: go on behind it.
            if (head.FirstLine > next) next = head.FirstLine;
            var rest = Skip(body, next - head.FirstLine);
            var some = Take(rest, linesMax - count, out int taken);
            _lines.Write(some);
            count += taken;
            next += taken;
            return count < linesMax && _lines.WrittenCount < BatchBytesMax;
        });
        return new LaneBatch(_lines.WrittenMemory, count, next);
    }

    public override void Dispose() => _reader.Dispose();

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> body, long lines)
    {
        for (; lines > 0; lines--) body = body[(body.IndexOf((byte)'\n') + 1)..];
        return body;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> body, int most, out int taken)
    {
        int end = 0;
        for (taken = 0; taken < most && end < body.Length; taken++)
        {
            int length = body[end..].IndexOf((byte)'\n');
            end = length < 0 ? body.Length : end + length + 1;
        }
        return body[..end];
    }
}
