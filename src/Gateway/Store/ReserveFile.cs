using System.Runtime.InteropServices;

namespace Gateway.Store;

/// <summary>
/// Room set aside for alarms: a file that occupies its blocks. When the disk is full it is given up, once, so that journal and lane one go on while telemetry waits; while it
/// is not there telemetry must not be written, or it would take that room too.
/// </summary>
/// <remarks><b>Threading</b>: the engine's thread, and whoever opens the store before that runs.</remarks>
internal sealed partial class ReserveFile(StoreOptions options)
{
    private readonly long _bytes = options.ReserveMiB * 1024L * 1024L;

    /// <summary>The room is there, or none is asked for.</summary>
    public bool Held { get; private set; } = options.ReserveMiB == 0;

    /// <summary>Sets the room aside when there is twice as much of it: the last of a disk is not worth fighting for.</summary>
    public bool TryHold()
    {
        if (Held) return true;
        if (new FileInfo(options.ReservePath) is { Exists: true } file && file.Length >= _bytes) return Held = true;
        if (FreeSpace.Of(options.Directory) < 2 * _bytes) return false;
        try
        {
            using var made = File.OpenHandle(options.ReservePath, FileMode.Create, FileAccess.Write);
            // Really allocated: a sparse file would give back nothing when it goes.
            return Held = Allocate(made, 0, _bytes) == 0;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // No room, no inode, or read-only: there is no reserve now, and the next round asks again.
            return false;
        }
    }

    /// <summary>Gives the room back to the disk.</summary>
    /// <returns>False when there is nothing to give, or a disk that only reads keeps it.</returns>
    public bool GiveUp()
    {
        if (_bytes == 0 || !File.Exists(options.ReservePath)) return false;
        try
        {
            File.Delete(options.ReservePath);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A disk that only reads: there is nothing to win.
            return false;
        }
        Held = false;
        return true;
    }

    /// <summary>Opens a part of the store; where the disk is full at the start already, with the room of the reserve.</summary>
    /// <exception cref="StoreException">The reserve did not help.</exception>
    public T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (StoreException refused) when (refused.WantsSpace && GiveUp())
        {
            return open();
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(SafeHandle file, long offset, long length);
}

/// <summary>What a user may still write on the file system of a folder, bytes (statvfs).</summary>
internal static class FreeSpace
{
    public static long Of(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
