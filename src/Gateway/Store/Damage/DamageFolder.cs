using System.Globalization;
using System.Security.Cryptography;
using Gateway.History;

namespace Gateway.Store.Damage;

/// <summary>Where damaged files go: <c>damaged/NAME-YYYYMMDDTHHMMSSZ/</c> beside the store. Bounded: the newest few, and not too many bytes.</summary>
internal static class DamageFolder
{
    public const string Root = "damaged";

    /// <summary>Lies in the folder while its file is being recovered: after a crash in between it is done again.</summary>
    private const string Mark = "unfinished";

    public const int FoldersMax = 5;
    public const long BytesMax = 1024L * 1024 * 1024;

    /// <summary>Moves the file (or what stands in its place) with its WAL and shared memory.</summary>
    /// <returns>The new folder; null when nothing was there.</returns>
    public static string? Take(string path, DateTimeOffset now)
    {
        string[] there = [.. new[] { path + "-shm", path + "-wal", path }.Where(Path.Exists)];
        if (there.Length == 0) return null;
        string stem = Path.Combine(Path.GetDirectoryName(path)!, Root, $"{Path.GetFileName(path)}-{now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
        string folder = stem;
        for (int n = 2; Directory.Exists(folder); n++) folder = $"{stem}-{n}";
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Mark), "");
        // The file itself last: once it is here, nothing of it stands in the old place any more.
        foreach (string file in there) Directory.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    /// <summary>Moves a file aside that holds only copies of what is elsewhere: nothing is recovered from it, and the newest alone is kept.</summary>
    /// <returns>The new folder, below the store's; null when nothing was there.</returns>
    public static string? TakeCopy(string path, DateTimeOffset now)
    {
        string root = Path.Combine(Path.GetDirectoryName(path)!, Root);
        if (Directory.Exists(root))
            foreach (string older in Directory.GetDirectories(root, Path.GetFileName(path) + "-*")) Directory.Delete(older, recursive: true);
        if (Take(path, now) is not { } folder) return null;
        Finished(folder);
        return $"{Root}/{Path.GetFileName(folder)}";
    }

    /// <summary>The folder of a recovery that was cut short.</summary>
    public static string? Unfinished(string path)
    {
        string root = Path.Combine(Path.GetDirectoryName(path)!, Root);
        if (!Directory.Exists(root)) return null;
        return Directory.EnumerateDirectories(root, Path.GetFileName(path) + "-*").FirstOrDefault(f => File.Exists(Path.Combine(f, Mark)) && Path.Exists(Path.Combine(f, Path.GetFileName(path))));
    }

    /// <summary>Everything that could be read is in the new file.</summary>
    public static void Finished(string folder) => File.Delete(Path.Combine(folder, Mark));

    /// <summary>SHA-256 of the file, hex; null where there is none.</summary>
    public static string? HashOf(string file)
    {
        if (!File.Exists(file)) return null;
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Deletes the oldest folders beyond the bounds, never the newest. A copy neither counts nor goes: <see cref="TakeCopy"/> bounds it.</summary>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> Bound(string directory, int foldersMax = FoldersMax, long bytesMax = BytesMax)
    {
        var root = new DirectoryInfo(Path.Combine(directory, Root));
        if (!root.Exists) return [];
        var gone = new List<string>();
        long bytes = 0;
        int kept = 0;
        foreach (var folder in root.EnumerateDirectories().Where(d => !d.Name.StartsWith(HistoryOptions.FileName, StringComparison.Ordinal)).OrderByDescending(d => d.CreationTimeUtc).ThenByDescending(d => d.Name, StringComparer.Ordinal))
        {
            bytes += folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            if (++kept == 1 || (kept <= foldersMax && bytes <= bytesMax)) continue;
            folder.Delete(recursive: true);
            gone.Add(folder.Name);
        }
        return gone;
    }
}
