namespace Gateway.Diagnostics.Boot;

/// <summary>What the box says about its own start and about the end of our last run.</summary>
/// <param name="BootId">Another after each start of the kernel; null where it cannot be read.</param>
/// <param name="Exit">The supervisor's word; null without one.</param>
public sealed record HostBoot(string? BootId, LastExit? Exit)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    public static HostBoot Unknown { get; } = new(null, null);

    /// <param name="storeFolder">Where <c>last-exit</c> lies.</param>
    public static HostBoot Read(string storeFolder) => new(ReadBootId(), LastExit.Read(storeFolder));

    private static string? ReadBootId()
    {
        try
        {
            return File.ReadAllText(BootIdFile).Trim() is { Length: > 0 } id ? id : null;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // Some containers hide it: then a power cut cannot be told from a crash.
            return null;
        }
    }
}
