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
    public const nint FlushInput = 0;
    public const nint FlushBoth = 2;

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
