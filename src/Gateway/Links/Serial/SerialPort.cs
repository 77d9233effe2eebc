using System.Diagnostics.CodeAnalysis;

namespace Gateway.Links.Serial;

/// <summary>An exclusively owned, raw serial port, by termios.</summary>
/// <remarks>
/// <b>Errors:</b> what the world does is a <see cref="SerialFault"/>; after one the port is only good for <see cref="Dispose"/>.
/// <b>Threading:</b> one thread; only the <see cref="StopSignal"/> may be touched from others.
/// <b>Source:</b> termios(3), ioctl_tty(2), flock(2).
/// </remarks>
internal sealed unsafe class SerialPort : IDisposable
{
    private const int OpenFlags =
        LibC.OpenReadWrite | LibC.OpenNoControllingTerminal | LibC.OpenNonBlocking | LibC.OpenCloseOnExec;

    /// <summary>A rate further off than this does not carry characters reliably.</summary>
    private const double RateTolerance = 0.025;

    private readonly string _path;
    private int _descriptor;

    private SerialPort(string path, int descriptor)
    {
        _path = path;
        _descriptor = descriptor;
    }

    /// <summary>Opens, locks and sets up the port; nothing stays open when it fails.</summary>
    public static bool TryOpen(
        SerialPortOptions options, [NotNullWhen(true)] out SerialPort? port, [NotNullWhen(false)] out SerialFault? fault)
    {
        port = null;
        var descriptor = LibC.Open(options.Path, OpenFlags);
        if (descriptor < 0)
        {
            fault = SerialFault.OfOpen(options.Path, LibC.LastError);
            return false;
        }

        var opened = new SerialPort(options.Path, descriptor);
        fault = opened.Own() ?? opened.SetUp(options);
        if (fault is not null)
        {
            opened.Dispose();
            return false;
        }

        port = opened;
        return true;
    }

    /// <summary>Waits for bytes, the stop signal, the loss of the port or the end of the time, whichever is first.</summary>
    public SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop)
    {
        Span<LibC.PollEntry> entries =
        [
            new() { Descriptor = _descriptor, Wanted = LibC.PollIn },
            new() { Descriptor = stop.Descriptor, Wanted = LibC.PollIn },
        ];
        _ = LibC.Wait(entries, timeout);
        if (stop.IsSetAfterWait(entries[1].Seen))
            return new(SerialReadKind.Stopped);

        var seen = entries[0].Seen;
        if ((seen & LibC.PollIn) != 0)
            return ReadNow(buffer);

        return (seen & LibC.PollGone) != 0
            ? new(SerialReadKind.Lost, Fault: SerialFault.OfUse(_path, "waiting", 0))
            : new(SerialReadKind.Nothing);
    }

    /// <summary>Hands all bytes to the driver, which sends them in its own time.</summary>
    /// <returns>Null, or why it did not work within <paramref name="limit"/> between two pieces.</returns>
    public SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* first = bytes)
                written = LibC.Write(_descriptor, first, (nuint)bytes.Length);

            if (written > 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            var error = LibC.LastError;
            if (error is not (Errno.TryAgain or Errno.Interrupted))
                return SerialFault.OfUse(_path, "writing", error);
            if (error == Errno.TryAgain && WaitWritable(limit) is { } fault)
                return fault;
        }

        return null;
    }

    /// <summary>Forgets everything received and not read.</summary>
    public SerialFault? DiscardInput() =>
        LibC.Control(_descriptor, LibC.FlushQueue, LibC.FlushInput) < 0
            ? SerialFault.OfUse(_path, "emptying its input", LibC.LastError)
            : null;

    public void Dispose()
    {
        if (_descriptor < 0)
            return;

        _ = LibC.Control(_descriptor, LibC.ClearExclusive, 0);
        _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    private SerialRead ReadNow(Span<byte> buffer)
    {
        nint count;
        fixed (byte* first = buffer)
            count = LibC.Read(_descriptor, first, (nuint)buffer.Length);

        if (count > 0)
            return new(SerialReadKind.Bytes, (int)count);
        if (count == 0)
            return new(SerialReadKind.Lost, Fault: SerialFault.OfUse(_path, "reading", 0));

        var error = LibC.LastError;
        return error is Errno.TryAgain or Errno.Interrupted
            ? new(SerialReadKind.Nothing)
            : new(SerialReadKind.Lost, Fault: SerialFault.OfUse(_path, "reading", error));
    }

    private SerialFault? WaitWritable(TimeSpan limit)
    {
        Span<LibC.PollEntry> entries = [new() { Descriptor = _descriptor, Wanted = LibC.PollOut }];
        if (LibC.Wait(entries, limit) == 0)
            return SerialFault.OfStuckWrite(_path, limit);

        return (entries[0].Seen & LibC.PollGone) != 0 ? SerialFault.OfUse(_path, "writing", 0) : null;
    }

    /// <summary>Two locks: flock also stops root and other gateways, TIOCEXCL stops programs that do not ask.</summary>
    private SerialFault? Own()
    {
        Termios2 settings;
        if (LibC.Control(_descriptor, LibC.GetTermios2, &settings) < 0)
            return SerialFault.OfOpen(_path, LibC.LastError);
        if (LibC.Lock(_descriptor, LibC.LockExclusive | LibC.LockNonBlocking) < 0)
            return SerialFault.OfOpen(_path, LibC.LastError);

        // A pseudo-terminal keeps the mark after its last close: a gateway that was killed could never open it again.
        if (IsPseudoTerminal(_descriptor))
            return null;

        return LibC.Control(_descriptor, LibC.SetExclusive, 0) < 0 ? SerialFault.OfOpen(_path, LibC.LastError) : null;
    }

    private SerialFault? SetUp(SerialPortOptions options)
    {
        var wanted = Termios2.Raw(options.Baud, options.Framing);
        Termios2 given;
        if (LibC.Control(_descriptor, LibC.SetTermios2, &wanted) < 0 || LibC.Control(_descriptor, LibC.GetTermios2, &given) < 0)
            return SerialFault.OfSettings(_path, options.Baud, options.Framing, SerialFault.Text(LibC.LastError));
        if (Math.Abs((double)given.OutputRate - options.Baud) > options.Baud * RateTolerance)
            return SerialFault.OfSettings(_path, options.Baud, options.Framing, $"{given.OutputRate} bit/s");

        return LibC.Control(_descriptor, LibC.FlushQueue, LibC.FlushBoth) < 0
            ? SerialFault.OfUse(_path, "emptying its queues", LibC.LastError)
            : null;
    }

    private static bool IsPseudoTerminal(int descriptor) =>
        File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.FullName
            .StartsWith("/dev/pts/", StringComparison.Ordinal) == true;
}
