namespace Gateway.Links.Serial;

/// <summary>An open, non-blocking descriptor of a port or a socket: waits in <c>ppoll</c> beside a stop signal, never in a read or write.</summary>
/// <remarks><b>Errors:</b> after a <see cref="SerialFault"/> it is only good for closing; <c>name</c> is how faults call it. <b>Threading:</b> one thread.</remarks>
internal sealed unsafe class PortDescriptor(int descriptor, string name) : IDisposable
{
    private int _descriptor = descriptor;

    public int Number => _descriptor;

    public string Name => name;

    /// <summary>Waits for bytes, the stop signal, the loss of the port or the end of the time, whichever is first.</summary>
    public SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop)
    {
        Span<LibC.PollEntry> entries =
        [
            new() { Descriptor = _descriptor, Wanted = LibC.PollIn },
            new() { Descriptor = stop.Descriptor, Wanted = LibC.PollIn },
        ];
        _ = LibC.Wait(entries, timeout);
        if (stop.IsSetAfterWait(entries[1].Seen)) return new(SerialReadKind.Stopped);

        short seen = entries[0].Seen;
        if ((seen & LibC.PollIn) != 0) return ReadNow(buffer);
        return (seen & LibC.PollGone) != 0 ? new(SerialReadKind.Lost, Fault: SerialFault.OfUse(name, "waiting", 0)) : new(SerialReadKind.Nothing);
    }

    /// <summary>Hands all bytes to the driver, which sends them in its own time.</summary>
    /// <returns>Null, or why it did not work within <paramref name="limit"/> between two pieces.</returns>
    public SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* first = bytes) written = LibC.Write(_descriptor, first, (nuint)bytes.Length);
            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            int error = LibC.LastError;
            if (error is not (Errno.TryAgain or Errno.Interrupted)) return SerialFault.OfUse(name, "writing", error);
            if (error == Errno.TryAgain && WaitWritable(limit) is { } fault) return fault;
        }
        return null;
    }

    /// <summary>Null once bytes can be written; or why not within the limit.</summary>
    private SerialFault? WaitWritable(TimeSpan limit)
    {
        Span<LibC.PollEntry> entries = [new() { Descriptor = _descriptor, Wanted = LibC.PollOut }];
        if (LibC.Wait(entries, limit) == 0) return SerialFault.OfStuckWrite(name, limit);
        return (entries[0].Seen & LibC.PollGone) != 0 ? SerialFault.OfUse(name, "writing", 0) : null;
    }

    public void Dispose()
    {
        if (_descriptor < 0) return;
        _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    private SerialRead ReadNow(Span<byte> buffer)
    {
        nint count;
        fixed (byte* first = buffer) count = LibC.Read(_descriptor, first, (nuint)buffer.Length);
        if (count > 0) return new(SerialReadKind.Bytes, (int)count);
        if (count == 0) return new(SerialReadKind.Lost, Fault: SerialFault.OfUse(name, "reading", 0));

        int error = LibC.LastError;
        return error is Errno.TryAgain or Errno.Interrupted
            ? new(SerialReadKind.Nothing)
            : new(SerialReadKind.Lost, Fault: SerialFault.OfUse(name, "reading", error));
    }
}
