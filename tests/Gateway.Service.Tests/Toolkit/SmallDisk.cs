using System.Runtime.InteropServices;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>
/// A file system of a few MiB that can be filled, made read-only and emptied: a tmpfs. The tests run as root (they mount serial ports' stand-ins and install peers), so that a
/// mount of the test's own is the one way that works the same on every machine.
/// </summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const int MsReadOnly = 1, MsRemount = 32, MntDetach = 2;

    private readonly ScratchFolder _folder = new();

    public SmallDisk(int mib)
    {
        Path = _folder["disk"];
        Directory.CreateDirectory(Path);
        Options = $"size={mib}m,nr_inodes=200";
        Call(Mount("gateway-test", Path, "tmpfs", 0, Options), "mount");
    }

    public string Path { get; }

    private string Options { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Until not one more byte fits.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>As somebody does who tidies up.</summary>
    public void Empty() => File.Delete(Filler);

    /// <summary>Until no file can be made any more.</summary>
    public void UseUpInodes()
    {
        try
        {
            for (int n = 0; ; n++) File.WriteAllText($"{Filler}-{n}", "");
        }
        catch (IOException)
        {
            // None left.
        }
    }

    public void Dispose()
    {
        Call(Unmount(Path, MntDetach), "umount");
        _folder.Dispose();
    }

    private static void Call(int result, string what)
    {
        if (result != 0) throw new InvalidOperationException($"{what} failed with errno {Marshal.GetLastPInvokeError()}; these tests need root");
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string options);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
