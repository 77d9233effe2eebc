using System.Diagnostics.CodeAnalysis;

namespace Gateway.Links.Serial;

/// <summary>An exclusively owned, raw serial port, by termios.</summary>
/// <remarks>
/// <b>Errors:</b> what the world does is a <see cref="SerialFault"/>; after one the port is only good for <see cref="Dispose"/>.
/// <b>Threading:</b> one thread; only the <see cref="StopSignal"/> may be touched from others.
/// <b>Source:</b> termios(3), ioctl_tty(2), flock(2), the kernel's serial-rs485.
/// </remarks>
internal sealed unsafe class SerialPort : IDisposable
{
    private const int OpenFlags =
        LibC.OpenReadWrite | LibC.OpenNoControllingTerminal | LibC.OpenNonBlocking | LibC.OpenCloseOnExec;

    /// <summary>A rate further off than this does not carry characters reliably.</summary>
    private const double RateTolerance = 0.025;

    private readonly PortDescriptor _descriptor;

    private SerialPort(string path, int descriptor) => _descriptor = new PortDescriptor(descriptor, SerialFault.NameOf(path));

    /// <summary>Opens, locks and sets up the port; nothing stays open when it fails.</summary>
    public static bool TryOpen(
        SerialPortOptions options, [NotNullWhen(true)] out SerialPort? port, [NotNullWhen(false)] out SerialFault? fault)
    {
        port = null;
        int descriptor = LibC.Open(options.Path, OpenFlags);
        if (descriptor < 0)
        {
            fault = SerialFault.OfOpen(options.Path, LibC.LastError);
            return false;
        }

        var opened = new SerialPort(options.Path, descriptor);
        fault = opened.Own(options.Path) ?? opened.SetUp(options);
        if (fault is not null)
        {
            opened.Dispose();
            return false;
        }

        port = opened;
        return true;
    }

    /// <summary>Whether bytes on it take the time that its rate says: known for UARTs; a pseudo-terminal or an adapter that is a USB device to its core takes none.</summary>
    public bool KeepsTime => SerialDevices.IsUart(Target());

    /// <inheritdoc cref="PortDescriptor.Read"/>
    public SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop) => _descriptor.Read(buffer, timeout, stop);

    /// <inheritdoc cref="PortDescriptor.Write"/>
    public SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit) => _descriptor.Write(bytes, limit);

    public void Dispose()
    {
        if (_descriptor.Number >= 0) _ = LibC.Control(_descriptor.Number, LibC.ClearExclusive, 0);
        _descriptor.Dispose();
    }

    /// <summary>Two locks: flock also stops root and other gateways, TIOCEXCL stops programs that do not ask.</summary>
    private SerialFault? Own(string path)
    {
        Termios2 settings;
        if (LibC.Control(_descriptor.Number, LibC.GetTermios2, &settings) < 0) return SerialFault.OfOpen(path, LibC.LastError);
        if (LibC.Lock(_descriptor.Number, LibC.LockExclusive | LibC.LockNonBlocking) < 0) return SerialFault.OfOpen(path, LibC.LastError);

        // A pseudo-terminal keeps the mark after its last close: a gateway that was killed could never open it again.
        if (Target().StartsWith("/dev/pts/", StringComparison.Ordinal)) return null;
        return LibC.Control(_descriptor.Number, LibC.SetExclusive, 0) < 0 ? SerialFault.OfOpen(path, LibC.LastError) : null;
    }

    private SerialFault? SetUp(SerialPortOptions options)
    {
        var wanted = Termios2.Raw(options.Baud, options.Framing);
        Termios2 given;
        if (LibC.Control(_descriptor.Number, LibC.SetTermios2, &wanted) < 0 || LibC.Control(_descriptor.Number, LibC.GetTermios2, &given) < 0)
            return SerialFault.OfSettings(options.Path, options.Baud, options.Framing, SerialFault.Text(LibC.LastError));
        if (Math.Abs((double)given.OutputRate - options.Baud) > options.Baud * RateTolerance)
            return SerialFault.OfSettings(options.Path, options.Baud, options.Framing, $"{given.OutputRate} bit/s");
        if (options.Rs485 && SwitchDirection() is { } refused) return SerialFault.OfRs485(options.Path, refused);

        return LibC.Control(_descriptor.Number, LibC.FlushQueue, LibC.FlushBoth) < 0
            ? SerialFault.OfUse(_descriptor.Name, "emptying its queues", LibC.LastError)
            : null;
    }

    /// <summary>Asks the driver to raise RTS while it sends; the driver's error, or null.</summary>
    private int? SwitchDirection()
    {
        var mode = Rs485Mode.RtsWhileSending;
        return LibC.Control(_descriptor.Number, LibC.SetRs485, &mode) < 0 ? LibC.LastError : null;
    }

    private string Target() => File.ResolveLinkTarget($"/proc/self/fd/{_descriptor.Number}", returnFinalTarget: false)?.FullName ?? "";
}
