using System.Globalization;

namespace Gateway.History;

/// <summary>Moves a damaged <c>history.db</c> to <c>damaged/history.db-YYYYMMDDTHHMMSSZ/</c> beside the store; one is kept, the newest: it is a copy of what went up, nobody's only evidence.</summary>
internal static class DamagedHistory
{
    /// <returns>The folder, as people are told.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static string Take(string path, long nowMs)
    {
        string name = Path.GetFileName(path), root = Path.Combine(Path.GetDirectoryName(path)!, "damaged");
        Directory.CreateDirectory(root);
        foreach (string older in Directory.GetDirectories(root, name + "-*")) Directory.Delete(older, recursive: true);
        string folder = $"{name}-{DateTimeOffset.FromUnixTimeMilliseconds(nowMs).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (string file in new[] { path, path + "-wal", path + "-shm" }.Where(File.Exists)) File.Move(file, Path.Combine(root, folder, Path.GetFileName(file)));
        return $"damaged/{folder}";
    }
}
