using System.Text;

namespace Gateway.Protocols.Tests.Hj212;

/// <summary>A frame of the case folder (without line end) and what it says, written by hand or by another decoder than ours.</summary>
internal static class Hj212Case
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Hj212", "cases");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public static byte[] Frame(string name) => Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Folder, name + ".txt")).TrimEnd('\n'));

    public static string Expected(string name) => File.ReadAllText(Path.Combine(Folder, name + ".expected"));
}
