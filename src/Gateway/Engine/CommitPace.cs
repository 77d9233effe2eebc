namespace Gateway.Engine;

/// <summary>How long a commit waits for company: the slower messages come, the longer, within the operator's bounds. A commit costs the same for one message as for forty.</summary>
internal sealed class CommitPace(int lingerMs, int lingerMsMax)
{
    /// <summary>So many messages a commit are worth waiting for: beyond it the sync is a small part of what they cost.</summary>
    private const double Company = 40;

    private const double Smoothing = 0.2;

    private long _at;
    private int _since;
    private double _perMs;

    public void Committed(int messages) => _since += messages;

    public int LingerMs(TimeProvider time)
    {
        long now = time.GetTimestamp();
        double ms = _at == 0 ? 0 : time.GetElapsedTime(_at, now).TotalMilliseconds;
        _at = now;
        if (ms > 0) _perMs += Smoothing * (_since / ms - _perMs);
        _since = 0;
        return (int)Math.Clamp(Company / Math.Max(_perMs, 0.001), lingerMs, Math.Max(lingerMs, lingerMsMax));
    }
}
