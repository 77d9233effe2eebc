using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.Diagnostics.Clock;

/// <summary>Asks Linux: adjtimex(2) without changing anything, and the hardware clocks below <c>/sys/class/rtc</c>.</summary>
/// <remarks><b>Source</b>: struct timex of linux/timex.h: longs but for <c>modes</c> and <c>status</c>, errors in µs.</remarks>
public sealed partial class LinuxHostClock : IHostClock
{
    private const string RtcFolder = "/sys/class/rtc";
    private const int Unsynchronised = 0x0040;
    private const int PpsTime = 0x0004;
    private const int PpsSignal = 0x0100;

    // Larger than the struct is anywhere.
    private const int TimexBytes = 256;

    public HostClockReading Read()
    {
        bool rtc = HasRtc();
        Span<byte> timex = stackalloc byte[TimexBytes];
        timex.Clear();
        // Refused in some containers and sandboxes.
        if (AskKernel(ref MemoryMarshal.GetReference(timex)) < 0) return new HostClockReading(ClockState.Unknown, rtc ? "rtc" : null, rtc, null, null);
        int status = BinaryPrimitives.ReadInt32LittleEndian(timex[(5 * nint.Size)..]);
        double maxErrorMs = Long(timex, 3) / 1000.0, estimatedErrorMs = Long(timex, 4) / 1000.0;
        if ((status & Unsynchronised) != 0) return new HostClockReading(ClockState.Unsynchronised, rtc ? "rtc" : null, rtc, estimatedErrorMs, maxErrorMs);
        return new HostClockReading(ClockState.Synchronised, (status & (PpsTime | PpsSignal)) == (PpsTime | PpsSignal) ? "pps" : "ntp", rtc, estimatedErrorMs, maxErrorMs);
    }

    private static long Long(ReadOnlySpan<byte> timex, int index)
    {
        var field = timex[(index * nint.Size)..];
        return nint.Size == 8 ? BinaryPrimitives.ReadInt64LittleEndian(field) : BinaryPrimitives.ReadInt32LittleEndian(field);
    }

    private static bool HasRtc()
    {
        try
        {
            return Directory.Exists(RtcFolder) && Directory.EnumerateDirectories(RtcFolder).Any(HasTime);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at cannot be relied on.
            return false;
        }
    }

    /// <summary>One that lost its battery answers with an error.</summary>
    private static bool HasTime(string rtc)
    {
        try
        {
            return long.TryParse(File.ReadAllText(Path.Combine(rtc, "since_epoch")), System.Globalization.CultureInfo.InvariantCulture, out _);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AskKernel(ref byte timex);
}
