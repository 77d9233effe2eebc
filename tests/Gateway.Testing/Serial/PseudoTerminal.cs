using System.Runtime.InteropServices;
using Gateway.Links.Serial;

namespace Gateway.Testing.Serial;

/// <summary>A plugged-in adapter: a real pseudo-terminal behind a link, like a by-id name. Dispose pulls it.</summary>
/// <remarks>Keeps the port's side open itself too, so that the device's side never sees a hang-up while nobody has the port open.</remarks>
public sealed unsafe partial class PseudoTerminal : IDisposable
{
    private readonly int _master;
    private readonly int _heldSlave;
    private readonly string _link;
    private bool _disposed;

    private PseudoTerminal(int master, int heldSlave, string slavePath, string link) =>
        (_master, _heldSlave, SlavePath, _link) = (master, heldSlave, slavePath, link);

    /// <summary>The terminal itself, below /dev/pts.</summary>
    public string SlavePath { get; }

    public static PseudoTerminal Plug(string link)
    {
        const int Flags = LibC.OpenReadWrite | LibC.OpenNoControllingTerminal | LibC.OpenNonBlocking | LibC.OpenCloseOnExec;
        var master = Checked(OpenMaster(Flags));
        Checked(Grant(master));
        Checked(Unlock(master));
        Span<byte> name = stackalloc byte[64];
        fixed (byte* first = name)
            Checked(NameOf(master, first, (nuint)name.Length));

        var path = System.Text.Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
        var held = Checked(LibC.Open(path, Flags));
        File.CreateSymbolicLink(link, path);
        return new(master, held, path, link);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* first = bytes)
                bytes = bytes[Checked((int)LibC.Write(_master, first, (nuint)bytes.Length))..];
        }
    }

    /// <summary>What the port has sent; 0 when the time is over.</summary>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        Span<LibC.PollEntry> entries = [new() { Descriptor = _master, Wanted = LibC.PollIn }];
        if (LibC.Wait(entries, timeout) == 0)
            return 0;

        fixed (byte* first = buffer)
            return Math.Max((int)LibC.Read(_master, first, (nuint)buffer.Length), 0);
    }

    /// <summary>The settings of a terminal, looked up past whoever owns it.</summary>
    internal static Termios2 SettingsOf(string path)
    {
        var descriptor = Checked(LibC.Open(path, LibC.OpenReadWrite | LibC.OpenNoControllingTerminal | LibC.OpenCloseOnExec));
        Termios2 settings;
        Checked(LibC.Control(descriptor, LibC.GetTermios2, &settings));
        _ = LibC.Close(descriptor);
        return settings;
    }

    /// <summary>Descriptors of this process that are terminals or event descriptors.</summary>
    public static int CountDescriptors() => Directory.EnumerateFiles("/proc/self/fd").Count(static entry =>
    {
        try
        {
            var target = new FileInfo(entry).LinkTarget ?? "";
            return target.Contains("/pts/", StringComparison.Ordinal) || target.Contains("ptmx", StringComparison.Ordinal)
                || target.Contains("[eventfd]", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        File.Delete(_link);
        _ = LibC.Close(_master);
        _ = LibC.Close(_heldSlave);
    }

    private static int Checked(int result) => result >= 0 ? result : throw new IOException($"pseudo-terminal: {SerialFault.Text(LibC.LastError)}");

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NameOf(int master, byte* buffer, nuint size);
}
