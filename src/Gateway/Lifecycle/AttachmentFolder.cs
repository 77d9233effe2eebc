using System.Security.Cryptography;
using Gateway.Store;

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
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DiskSync.Folder(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!);
        }
        if (!File.Exists(path)) Write(path, content);
        // Also where it was there: whoever wrote it may not have come this far.
        DiskSync.Folder(folder);
        return sha256;
    }

    /// <summary>Puts every file into another folder too. They never change, so another name of the same file will do where the file system allows it.</summary>
    /// <param name="to">Is made where there is anything to put into it.</param>
    /// <returns>How many files, and their bytes.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public (int Files, long Bytes) CopyTo(string to)
    {
        if (!Directory.Exists(folder)) return (0, 0);
        var files = new DirectoryInfo(folder).EnumerateFiles().Where(f => PathOf(f.Name) is not null).ToList();
        if (files.Count == 0) return (0, 0);
        Directory.CreateDirectory(to);
        foreach (var file in files)
        {
            string copy = Path.Combine(to, file.Name);
            if (DiskSync.TryLink(file.FullName, copy)) continue;
            File.Copy(file.FullName, copy);
            DiskSync.File(copy);
        }
        DiskSync.Folder(to);
        return (files.Count, files.Sum(f => f.Length));
    }

    private void Write(string path, ReadOnlySpan<byte> content)
    {
        string fresh = Path.Combine(folder, $"{Path.GetFileName(path)}.{Guid.NewGuid():n}.new");
        using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Only what is a name of ours leads to a file.</summary>
    private string? PathOf(string sha256) => sha256.Length == HexDigits && sha256.All(char.IsAsciiHexDigitLower) ? Path.Combine(folder, sha256) : null;
}
