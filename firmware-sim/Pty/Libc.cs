using System.Runtime.InteropServices;

namespace FirmwareSim.Pty;

/// <summary>The few calls of the C library a pseudo-terminal needs. Numbers and layouts are those of Linux on x64 and arm64.</summary>
internal static partial class Libc
{
    public const int ReadWrite = 0x2;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const short PollIn = 0x1;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const uint GetTermios2 = 0x802C542A;
    public const uint SetTermios2 = 0x402C542B;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    public static partial int NameOfSlave(int master, Span<byte> name, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, ref Termios2 termios);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(Span<PollDescriptor> descriptors, nuint count, in TimeSpec timeout, nint signals);

    /// <summary>Waits, to a fraction of a millisecond; a signal may end it early. Not positive: returns at once.</summary>
    public static void Pause(TimeSpan duration)
    {
        if (duration > TimeSpan.Zero && Poll([], 0, TimeSpec.From(duration), 0) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            throw Failure("ppoll");
    }

    public static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
}
