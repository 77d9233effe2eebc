using System.Globalization;

namespace Gateway.Links.Serial;

/// <summary>What the system knows about serial devices, in words for whoever has to mend something.</summary>
internal static class SerialDevices
{
    private const string ById = "/dev/serial/by-id";
    private const int NamesMax = 8;

    private static readonly string[] s_uarts = ["ttyS", "ttyUSB", "ttyAMA", "ttymxc", "ttySC", "ttyTHS", "ttyXR", "ttyMAX", "ttyO"];

    /// <summary>A device whose bytes take the time that its rate says.</summary>
    public static bool IsUart(string device) => s_uarts.Any(name =>
        device.StartsWith($"/dev/{name}", StringComparison.Ordinal) && device.Length > name.Length + 5 && char.IsAsciiDigit(device[name.Length + 5]));

    /// <summary>The adapters that are plugged in, by the names that survive a replug.</summary>
    public static string PluggedIn(string folder = ById)
    {
        if (!Directory.Exists(folder)) return $"no adapter is plugged in (there is no {folder})";
        var names = Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? $"no adapter is plugged in ({folder} is empty)" : $"plugged in: {string.Join(", ", names.Take(NamesMax))}";
    }

    /// <summary>Who has the device open, as <c>minicom (pid 812)</c>; empty when nobody is seen, which without rights to look means nothing.</summary>
    public static string Holders(string path)
    {
        string device = Real(path);
        var holders = new List<string>();
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget == device))
                    holders.Add($"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {Path.GetFileName(process)})");
            }
            catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or another user's: then it stays unnamed, and the sentence says so.
                continue;
            }
        }
        return string.Join(", ", holders);
    }

    /// <summary>The group that may use the device, or null when that cannot be read.</summary>
    public static unsafe string? GroupOf(string path)
    {
        byte* status = stackalloc byte[LibC.StatusSize];
        if (LibC.Status(LibC.AtWorkingDirectory, path, 0, LibC.StatusGroup, status) < 0) return null;
        string group = (*(uint*)(status + LibC.StatusGroupOffset)).ToString(CultureInfo.InvariantCulture);
        if (!File.Exists("/etc/group")) return group;
        return File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[2] == group)?[0] ?? group;
    }

    private static string Real(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);
        }
    }
}
