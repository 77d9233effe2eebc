namespace Gateway.Protocols.Tests;

/// <summary>A folder of frames (<c>.hex</c>) and what each says (<c>.expected</c>).</summary>
internal sealed class HexCases(string protocol)
{
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, protocol, "cases");

    public IReadOnlyList<string> Names => [.. Directory.GetFiles(_folder, "*.hex").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public byte[] Frame(string name) => Hex.Bytes(File.ReadAllText(Path.Combine(_folder, name + ".hex")));

    public string Expected(string name) => File.ReadAllText(Path.Combine(_folder, name + ".expected"));
}
