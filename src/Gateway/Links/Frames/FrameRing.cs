namespace Gateway.Links.Frames;

/// <summary>The last raw frames of one bus or connection, as the wire had them, and how many there were of each verdict.</summary>
/// <remarks>
/// <b>Shape</b>: at most <see cref="FramesMax"/> frames in a buffer that grows with use up to <c>bytesMax</c>; the oldest go first. Of a frame longer than <see cref="FrameBytesMax"/> only its beginning is kept.
/// <b>Units</b>: times are microseconds of Unix time on the gateway's timeline, of the last byte. <b>Threading</b>: any thread; adding allocates nothing once the buffer has grown.
/// </remarks>
public sealed class FrameRing(string id, string protocol, int bytesMax = FrameRing.BytesMaxDefault)
{
    public const int FramesMax = 1_024;

    /// <summary>What is kept of one frame; HJ 212 allows 1 036 bytes.</summary>
    public const int FrameBytesMax = 1_100;

    /// <summary>About ten minutes of a busy bus at 9600 baud.</summary>
    public const int BytesMaxDefault = 128 * 1024;

    private const int BytesAtFirst = 2 * 1024;
    private const int FramesAtFirst = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private byte[] _bytes = new byte[BytesAtFirst];
    private Entry[] _entries = new Entry[FramesAtFirst];
    private long _first;
    private long _next;
    private int _used;
    private int _start;

    /// <summary>The bus's id, or <c>protocol@address</c> of a connection.</summary>
    public string Id => id;

    /// <summary>What is spoken there: <c>modbus</c>, <c>hj212</c>, <c>goyo</c>, <c>tx101</c>.</summary>
    public string Protocol => protocol;

    /// <summary>Frames ever added; the number of the next one.</summary>
    public long Count
    {
        get
        {
            lock (_gate) return _next;
        }
    }

    /// <param name="verdict">What was made of it, a constant word: <c>ok</c>, or a reason as in the counters of the protocol.</param>
    /// <param name="device">The device it was attributed to, or null.</param>
    public void Add(FrameDirection direction, ReadOnlySpan<byte> frame, long atUs, string verdict, string? device = null)
    {
        int length = Math.Min(frame.Length, FrameBytesMax);
        lock (_gate)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_verdicts, verdict, out _)++;
            MakeRoom(length);
            int at = (_start + _used) % _bytes.Length, tail = Math.Min(length, _bytes.Length - at);
            frame[..tail].CopyTo(_bytes.AsSpan(at));
            frame[tail..length].CopyTo(_bytes);
            _used += length;
            _entries[_next++ % _entries.Length] = new Entry(atUs, direction, verdict, device, length, frame.Length);
        }
    }

    /// <summary>Frames by verdict since the process began, those no longer kept included.</summary>
    public IReadOnlyDictionary<string, long> Verdicts()
    {
        lock (_gate) return new Dictionary<string, long>(_verdicts, StringComparer.Ordinal);
    }

    /// <summary>Copies of what is kept from number <paramref name="from"/> on, oldest first, at most <paramref name="max"/>.</summary>
    public IReadOnlyList<RawFrame> Since(long from, int max = FramesMax)
    {
        lock (_gate)
        {
            var frames = new List<RawFrame>();
            int at = _start;
            for (long number = _first; number < _next && frames.Count < max; number++)
            {
                var entry = _entries[number % _entries.Length];
                if (number >= from) frames.Add(new RawFrame(number, entry.AtUs, entry.Direction, entry.Verdict, entry.Device, Copy(at, entry.Kept), entry.Whole));
                at = (at + entry.Kept) % _bytes.Length;
            }
            return frames;
        }
    }

    /// <summary>Whether a frame of that device is among those kept.</summary>
    public bool Knows(string device)
    {
        lock (_gate)
        {
            for (long number = _first; number < _next; number++)
                if (string.Equals(_entries[number % _entries.Length].Device, device, StringComparison.Ordinal)) return true;
            return false;
        }
    }

    private void MakeRoom(int length)
    {
        while (_used + length > _bytes.Length && _bytes.Length < bytesMax) GrowBytes();
        if (_next - _first == _entries.Length && _entries.Length < FramesMax) GrowEntries();
        while (_used + length > _bytes.Length || _next - _first == _entries.Length)
        {
            int gone = _entries[_first++ % _entries.Length].Kept;
            (_start, _used) = ((_start + gone) % _bytes.Length, _used - gone);
        }
    }

    private void GrowBytes()
    {
        byte[] grown = new byte[Math.Min(2 * _bytes.Length, bytesMax)];
        Copy(_start, _used).CopyTo(grown, 0);
        (_bytes, _start) = (grown, 0);
    }

    private void GrowEntries()
    {
        var grown = new Entry[2 * _entries.Length];
        for (long number = _first; number < _next; number++) grown[number % grown.Length] = _entries[number % _entries.Length];
        _entries = grown;
    }

    private byte[] Copy(int at, int length)
    {
        byte[] copy = new byte[length];
        int tail = Math.Min(length, _bytes.Length - at);
        _bytes.AsSpan(at, tail).CopyTo(copy);
        _bytes.AsSpan(0, length - tail).CopyTo(copy.AsSpan(tail));
        return copy;
    }

    private readonly record struct Entry(long AtUs, FrameDirection Direction, string Verdict, string? Device, int Kept, int Whole);
}

public enum FrameDirection : byte { Received, Sent }

/// <summary>One frame out of a ring.</summary>
/// <param name="Number">Counts up without holes per ring; a hole between two reads means that frames were gone before they were read.</param>
/// <param name="Length">Bytes on the wire; <paramref name="Bytes"/> may hold only its beginning.</param>
public sealed record RawFrame(long Number, long AtUs, FrameDirection Direction, string Verdict, string? Device, byte[] Bytes, int Length);
