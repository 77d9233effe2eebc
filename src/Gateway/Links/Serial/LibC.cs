using System.Runtime.InteropServices;

namespace Gateway.Links.Serial;

/// <summary>The calls and constants of Linux that serial ports need; values of x86-64 and ARM (asm-generic).</summary>
internal static unsafe partial class LibC
{
    public const int OpenReadWrite = 0x2;
    public const int OpenNoControllingTerminal = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const short PollIn = 0x1;
    public const short PollOut = 0x4;
    public const short PollGone = 0x8 | 0x10 | 0x20; // POLLERR, POLLHUP, POLLNVAL

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    public const int EventCloseOnExec = 0x80000;
    public const int EventNonBlocking = 0x800;

    public const nuint GetTermios2 = 0x802C542A;
    public const nuint SetTermios2 = 0x402C542B;
    public const nuint FlushQueue = 0x540B;
    public const nuint SetExclusive = 0x540C;
    public const nuint ClearExclusive = 0x540D;
    public const nuint SetRs485 = 0x542F;
    public const nint FlushBoth = 2;

    public const int InternetV4 = 2;
    public const int InternetV6 = 10;
    public const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    public const int SocketLevel = 1;
    public const int SocketError = 4;
    public const int SocketKeepAlive = 9;
    public const int TcpLevel = 6;
    public const int TcpNoDelay = 1;

    public const int AtWorkingDirectory = -100;
    public const int StatusSize = 256;
    public const uint StatusGroup = 0x10;
    public const int StatusGroupOffset = 24;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, Termios2* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, Rs485Mode* argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, uint size);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int option, int* value, uint* size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, int* value, uint size);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint initial, int flags);

    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Waits until one of <paramref name="entries"/> has something or the time is over; negative times count as none.</summary>
    /// <returns>Entries with something; 0 when the time is over or a signal came: the caller looks at its own clock.</returns>
    public static int Wait(Span<PollEntry> entries, TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 0);
        var spec = new TimeSpec
        {
            Seconds = (nint)(ticks / TimeSpan.TicksPerSecond),
            Nanoseconds = (nint)(ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick),
        };
        fixed (PollEntry* first = entries)
            return Math.Max(Poll(first, (nuint)entries.Length, &spec, null), 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
