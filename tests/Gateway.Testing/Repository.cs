namespace Gateway.Testing;

/// <summary>Files of this repository that tests read as they are.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    /// <summary>Name and content of every file with that ending in a folder, by name.</summary>
    public static IReadOnlyList<(string File, ReadOnlyMemory<byte> Utf8)> ReadAll(string folder, string ending) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*" + ending).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), new ReadOnlyMemory<byte>(File.ReadAllBytes(f))))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no Gateway.sln above {AppContext.BaseDirectory}");
    }
}
