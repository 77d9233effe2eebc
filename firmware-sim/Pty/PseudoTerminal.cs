using System.Runtime.InteropServices;
using System.Text;

namespace FirmwareSim.Pty;

/// <summary>
/// A serial line made of a pseudo-terminal: we hold the master, the gateway opens the slave through a symbolic link. We also keep the slave
/// open, so that our reads do not fail while nobody else has it. One thread uses it.
/// </summary>
internal sealed class PseudoTerminal : IDisposable
{
    private readonly int _master;
    private readonly int _slave;
    private readonly string _linkPath;

    private PseudoTerminal(int master, int slave, string linkPath) => (_master, _slave, _linkPath) = (master, slave, linkPath);

    /// <summary>
    /// Makes the terminal, raw, at the given rate, and the link to it. What cannot be done is an <see cref="IOException"/> that says what.
    /// </summary>
    public static PseudoTerminal Open(string linkPath, int baud)
    {
        RemoveLink(linkPath);
        const int flags = Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec;
        int master = Check("posix_openpt", Libc.OpenMaster(flags | Libc.NonBlocking));
        Check("grantpt", Libc.Grant(master));
        Check("unlockpt", Libc.Unlock(master));
        string slavePath = SlavePath(master);
        int slave = Check($"open {slavePath}", Libc.Open(slavePath, flags));
        var settings = default(Termios2);
        Check("read line settings", Libc.Control(slave, Libc.GetTermios2, ref settings));
        settings.MakeRaw(baud);
        Check("set line settings", Libc.Control(slave, Libc.SetTermios2, ref settings));
        File.CreateSymbolicLink(linkPath, slavePath);
        return new PseudoTerminal(master, slave, linkPath);
    }

    /// <summary>Bytes that came within the time, 0 when none did.</summary>
    public int Read(Span<byte> buffer, TimeSpan atMost)
    {
        Span<PollDescriptor> wanted = [new PollDescriptor { Descriptor = _master, Wanted = Libc.PollIn }];
        int ready = Libc.Poll(wanted, 1, TimeSpec.From(atMost), 0);
        if (ready == 0 || IsTemporary(ready)) return 0;
        if (ready < 0) throw Libc.Failure("ppoll");
        nint count = Libc.Read(_master, buffer, (nuint)buffer.Length);
        if (count < 0 && !IsTemporary(count)) throw Libc.Failure("read");
        return Math.Max(0, (int)count);
    }

    /// <summary>Puts bytes on the line; what nobody listens to once the terminal's buffer is full is lost, as on copper.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        nint count = Libc.Write(_master, bytes, (nuint)bytes.Length);
        if (count < 0 && !IsTemporary(count)) throw Libc.Failure("write");
    }

    /// <summary>The rate whoever opened the slave has set, bits per second.</summary>
    public int ReadBaud()
    {
        var settings = default(Termios2);
        Check("read line settings", Libc.Control(_slave, Libc.GetTermios2, ref settings));
        return (int)settings.OutputBaud;
    }

    /// <summary>
    /// Hangs up: readers of the slave get an end of file or EIO. The link goes first, so that nobody finds a dead line behind it.
    /// </summary>
    public void Dispose()
    {
        RemoveLink(_linkPath);
        Check("close slave", Libc.Close(_slave));
        Check("close master", Libc.Close(_master));
    }

    private static void RemoveLink(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null) file.Delete();
        else if (file.Exists || Directory.Exists(path)) throw new IOException($"{path} exists and is not a link; give another --bus path");
    }

    private static string SlavePath(int master)
    {
        Span<byte> name = stackalloc byte[128];
        Check("ptsname_r", Libc.NameOfSlave(master, name, (nuint)name.Length) == 0 ? 0 : -1);
        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static int Check(string call, int result) => result >= 0 ? result : throw Libc.Failure(call);

    private static bool IsTemporary(nint result) => result < 0 && Marshal.GetLastPInvokeError() is Libc.Interrupted or Libc.TryAgain;
}
