using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Boxes;

/// <summary>
/// A box's flash memory: frames wait here, one under way at a time, until they are acknowledged. Sent again after 5 s, three times; then given up and counted. Safe from any thread.
/// </summary>
internal sealed class KeptFrames(Traffic traffic, TimeProvider time)
{
    public const int FramesMax = 1000;
    public const int TriesMax = 4;
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<(byte Function, Func<int, byte[]> Write)> _frames = [];
    private int _tries;
    private long _sentAt;

    public int Count
    {
        get
        {
            lock (_gate) return _frames.Count;
        }
    }

    /// <param name="write">Composes the frame for so many tries left, 3 at first.</param>
    public void Add(byte function, Func<int, byte[]> write)
    {
        lock (_gate)
        {
            if (_frames.Count == FramesMax) GiveUpFirst();
            _frames.AddLast((function, write));
        }
    }

    /// <summary>A new connection: what was under way goes again as if for the first time.</summary>
    public void Rewind()
    {
        lock (_gate) _tries = 0;
    }

    /// <summary>What is to be sent now, or null.</summary>
    public byte[]? TakeDue()
    {
        lock (_gate)
        {
            if (_tries > 0 && time.GetElapsedTime(_sentAt) < ReplyTimeout) return null;
            if (_tries == TriesMax) GiveUpFirst();
            if (_frames.First is not { } first) return null;
            if (_tries == 0) traffic.CountSent();
            (_tries, _sentAt) = (_tries + 1, time.GetTimestamp());
            return first.Value.Write(TriesMax - _tries);
        }
    }

    /// <summary>The other side has what is under way, if it was of that function.</summary>
    public void Acknowledge(byte function)
    {
        lock (_gate)
        {
            if (_tries == 0 || _frames.First is not { } first || first.Value.Function != function) return;
            _frames.RemoveFirst();
            _tries = 0;
            traffic.CountAcknowledged();
        }
    }

    private void GiveUpFirst()
    {
        if (_frames.Count > 0)
        {
            _frames.RemoveFirst();
            traffic.CountDropped();
        }
        _tries = 0;
    }
}
