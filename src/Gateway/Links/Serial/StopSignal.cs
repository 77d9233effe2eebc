namespace Gateway.Links.Serial;

/// <summary>Ends a port's waiting from another thread, once and for good.</summary>
/// <remarks><b>Threading:</b> <see cref="Set"/> from anywhere; the rest belongs to the thread that waits. Disposed after that thread ended.</remarks>
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
        var one = 1UL;
        _ = LibC.Write(_descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits until set, or until the time is over; true when set.</summary>
    public bool Wait(TimeSpan timeout)
    {
        Span<LibC.PollEntry> entries = [new() { Descriptor = _descriptor, Wanted = LibC.PollIn }];
        _ = LibC.Wait(entries, timeout);
        return _isSet;
    }

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        _ = LibC.Close(_descriptor);
    }
}
