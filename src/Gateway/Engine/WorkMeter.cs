using Gateway.Domain.Ledger;

namespace Gateway.Engine;

/// <summary>Counts, for one machine and civil day, how long it worked and how long of that an operator with a fitting, valid certificate was identified.</summary>
internal sealed class WorkMeter(Device device)
{
    private Device _device = device;
    private long _lastMs;
    private bool _working;
    private bool _certified;

    public long WorkingMs { get; private set; }

    public long CertifiedMs { get; private set; }

    /// <summary>Whether it works now without a certified operator.</summary>
    public bool Uncertified => _working && !_certified;

    public long SinceMs { get; private set; }

    public void StartDay() => (WorkingMs, CertifiedMs) = (0, 0);

    public void Restore(long workingMs, long certifiedMs) => (WorkingMs, CertifiedMs) = (WorkingMs + workingMs, CertifiedMs + certifiedMs);

    /// <summary>Goes on under another entry of the same device.</summary>
    public void Follow(Device device) => _device = device;

    /// <summary>A sample vouches for the time since the one before, as far as presence would bridge that gap.</summary>
    public void Sample(long atMs, bool working, bool certified)
    {
        long gap = atMs - _lastMs;
        if (_lastMs > 0 && _working && gap > 0 && gap <= _device.OfflineAfterMs)
        {
            WorkingMs += gap;
            if (_certified) CertifiedMs += gap;
        }
        if (Uncertified != (working && !certified)) SinceMs = atMs;
        (_lastMs, _working, _certified) = (atMs, working, certified);
    }
}
