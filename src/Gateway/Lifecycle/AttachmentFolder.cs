using System.Security.Cryptography;

namespace Gateway.Lifecycle;

/// <summary>Evidence of lifecycle entries: files named by their SHA-256, written once, never changed. Safe for all threads.</summary>
/// <param name="folder">Is made with the first file.</param>
public sealed class AttachmentFolder(string folder)
{
    /// <summary>Largest file, bytes: 10 MiB.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    private const int HexDigits = 64;

    /// <summary>What a file is by its content: PDF, JPEG or PNG; null for anything else.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? "application/pdf"
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : null;

    public bool Has(string sha256) => PathOf(sha256) is { } path && File.Exists(path);

    /// <summary>The file, or null where there is none of that name.</summary>
    public byte[]? Read(string sha256) => PathOf(sha256) is { } path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <summary>Keeps the content; it is on disk when this returns.</summary>
    /// <returns>Its SHA-256, hex in lower case.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public string Keep(ReadOnlySpan<byte> content)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), path = PathOf(sha256)!;
        if (File.Exists(path)) return sha256;
        Directory.CreateDirectory(folder);
        string fresh = Path.Combine(folder, $"{sha256}.{Guid.NewGuid():n}.new");
        using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
        return sha256;
    }

    /// <summary>Only what is a name of ours leads to a file.</summary>
    private string? PathOf(string sha256) => sha256.Length == HexDigits && sha256.All(char.IsAsciiHexDigitLower) ? Path.Combine(folder, sha256) : null;
}
