namespace Gateway.Links.Serial;

/// <summary>Ends a port's waiting from another thread, once and for good; or for a moment, by <see cref="Nudge"/>.</summary>
/// <remarks><b>Threading:</b> <see cref="Set"/> and <see cref="Nudge"/> from anywhere; the rest belongs to the thread that waits. Disposed after that thread ended.</remarks>
internal sealed unsafe class StopSignal : IDisposable
{
    private readonly int _descriptor;
    private volatile bool _isSet;
    private bool _disposed;

    public StopSignal()
    {
        _descriptor = LibC.CreateEvent(0, LibC.EventCloseOnExec | LibC.EventNonBlocking);
        if (_descriptor < 0)
            throw new IOException($"no event descriptor: {SerialFault.Text(LibC.LastError)}");
    }

    public bool IsSet => _isSet;

    /// <summary>What <see cref="SerialPort"/> polls beside its own descriptor.</summary>
    internal int Descriptor => _descriptor;

    public void Set()
    {
        _isSet = true;
        Raise();
    }

    /// <summary>Ends one wait early without stopping anything: there is something to do besides reading.</summary>
    public void Nudge() => Raise();

    /// <summary>Waits until set, nudged, or until the time is over; true when set.</summary>
    public bool Wait(TimeSpan timeout)
    {
        Span<LibC.PollEntry> entries = [new() { Descriptor = _descriptor, Wanted = LibC.PollIn }];
        _ = LibC.Wait(entries, timeout);
        return IsSetAfterWait(entries[0].Seen);
    }

    /// <summary>True when set; takes a nudge back, so that it ends one wait and no more.</summary>
    /// <remarks>The flag is read after the take: a <see cref="Set"/> whose mark is taken with it has raised the flag before.</remarks>
    internal bool IsSetAfterWait(short seen)
    {
        ulong count;
        if (!_isSet && (seen & LibC.PollIn) != 0)
            _ = LibC.Read(_descriptor, (byte*)&count, sizeof(ulong));

        return _isSet;
    }

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        _ = LibC.Close(_descriptor);
    }

    private void Raise()
    {
        var one = 1UL;
        _ = LibC.Write(_descriptor, (byte*)&one, sizeof(ulong));
    }
}
