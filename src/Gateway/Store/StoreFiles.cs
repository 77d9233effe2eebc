using System.Collections.Concurrent;

namespace Gateway.Store;

/// <summary>
/// What this process knows of its files, whoever found it out: which of them is suspected of damage, and which was replaced, so that readers of the old one open the new one.
/// </summary>
/// <remarks><b>Threading</b>: safe. Keyed by path: the readers of a file know nothing else of its writer.</remarks>
internal static class StoreFiles
{
    private static readonly ConcurrentDictionary<string, string> Suspects = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, int> Incarnations = new(StringComparer.Ordinal);

    /// <summary>Somebody read or wrote the file and found it damaged; the first words stay.</summary>
    public static void Suspect(string path, string words) => Suspects.TryAdd(path, words);

    /// <summary>What is said against the file, null while nothing is.</summary>
    public static string? Suspicion(string path) => Suspects.GetValueOrDefault(path);

    /// <summary>Counts how often the file was replaced.</summary>
    public static int Incarnation(string path) => Incarnations.GetValueOrDefault(path);

    public static void Replaced(string path)
    {
        Incarnations.AddOrUpdate(path, 1, (_, n) => n + 1);
        Suspects.TryRemove(path, out _);
    }

    public static void Cleared(string path) => Suspects.TryRemove(path, out _);
}
