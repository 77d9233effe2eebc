using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Shim;

/// <summary>What is done to one gateway from below: its wall clock is shifted, writes to its disk fail. Works through <c>shim.c</c>, which the gateway's process loads; the shipped file knows nothing of it.</summary>
internal sealed partial class FaultShim : IDisposable
{
    private const int ShiftAt = 0, FailureAt = 8, DeviceAt = 16, Bytes = 24;

    private static readonly Lazy<Task<string>> Library = new(CompileAsync);

    private readonly ScratchFolder _folder = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private FaultShim(string library, string disk)
    {
        _file = MemoryMappedFile.CreateFromFile(_folder["faults"], FileMode.CreateNew, null, Bytes);
        _view = _file.CreateViewAccessor();
        _view.Write(DeviceAt, DeviceOf(disk));
        Environment = new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["GATEWAY_FAULTS_FILE"] = _folder["faults"] };
    }

    /// <summary>What the gateway must be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Civil time is wrong by so much, whole seconds.</summary>
    public TimeSpan ClockShift
    {
        get => TimeSpan.FromSeconds(_view.ReadInt64(ShiftAt));
        set => _view.Write(ShiftAt, (long)value.TotalSeconds);
    }

    /// <summary>Every write to the disk fails so; null: none does.</summary>
    public DiskError? DiskFails
    {
        get => _view.ReadInt64(FailureAt) is not 0 and var errno ? (DiskError)errno : null;
        set => _view.Write(FailureAt, (long)(value ?? 0));
    }

    /// <param name="disk">A folder on the disk that can be made to fail.</param>
    public static async Task<FaultShim> OverAsync(string disk) => new(await Library.Value, disk);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> CompileAsync()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "shim.so");
        await using var compiler = ChildProcess.Start("gcc", ["-shared", "-fPIC", "-O2", "-Wall", "-o", library, Path.Combine(AppContext.BaseDirectory, "Shim", "shim.c")]);
        return await compiler.WaitForExitAsync(TimeSpan.FromSeconds(60)) == 0 ? library : throw new InvalidOperationException($"gcc did not compile shim.c:\n{compiler.Said}");
    }

    private static long DeviceOf(string path)
    {
        // st_dev is the first member of struct stat on 64-bit Linux.
        Span<long> stat = stackalloc long[64];
        unsafe
        {
            fixed (long* at = stat)
                if (Stat(path, (nint)at) != 0) throw new IOException($"stat {path}: errno {Marshal.GetLastPInvokeError()}");
        }
        return stat[0];
    }

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, nint into);
}

/// <summary>What a disk says, errno of Linux.</summary>
internal enum DiskError
{
    InputOutput = 5,
    NoSpace = 28,
    ReadOnly = 30,
}
