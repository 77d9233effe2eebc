using System.Buffers;
using Gateway.Store;

namespace Gateway.Uplink.Sending;

/// <summary>What is next in a lane: whole lines from a number on. One owner each.</summary>
public abstract class LaneSource : IDisposable
{
    /// <summary>About this many bytes at most in one batch: well below every store's body limit.</summary>
    protected const int BatchBytesMax = 4 * 1024 * 1024;

    /// <returns>Lines without a hole between them, valid until the next call; none when there is nothing from there on.</returns>
    public abstract LaneBatch Read(long next, int linesMax);

    public abstract void Dispose();
}

/// <param name="First">Number of the first line (telemetry) or row (lane one); beyond what was asked for when the lines before it were given up.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="ReceivedMs">When the first line was received; 0 in lane one.</param>
public readonly record struct LaneBatch(ReadOnlyMemory<byte> Lines, int Count, long First, long Next, long ReceivedMs);

public sealed class AlarmLaneSource(string statePath) : LaneSource
{
    private readonly StateReader _reader = new(statePath);

    public override LaneBatch Read(long next, int linesMax)
    {
        var (lines, count, after) = _reader.LaneOne(next, linesMax);
        return new LaneBatch(lines, count, next, after, 0);
    }

    public override void Dispose() => _reader.Dispose();
}

public sealed class TelemetryLaneSource(string telemetryPath) : LaneSource
{
    private readonly TelemetryReader _reader = new(telemetryPath);
    private readonly ArrayBufferWriter<byte> _lines = new();

    public override LaneBatch Read(long next, int linesMax)
    {
        _lines.ResetWrittenCount();
        int count = 0;
        long first = next, receivedMs = 0;
        _reader.ReadFrom(next, (head, body) =>
        {
            if (count == 0)
            {
                // Segments given up under the budget leave a hole: go on behind it.
                first = next = Math.Max(next, head.FirstLine);
                receivedMs = head.ReceivedMs;
            }
            else if (head.FirstLine > next) return false;
            var rest = Skip(body, next - head.FirstLine);
            var some = Take(rest, linesMax - count, out int taken);
            _lines.Write(some);
            count += taken;
            next += taken;
            return count < linesMax && _lines.WrittenCount < BatchBytesMax;
        });
        return new LaneBatch(_lines.WrittenMemory, count, first, next, receivedMs);
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
