using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Store;

/// <summary>
/// How far telemetry was committed, in a small file of its own: where <c>telemetry.db</c> or its WAL is gone after a crash of the process, what was acknowledged last is known
/// to the line. It is not synced: after a power cut it may lie behind, then the state's frontier is what is known.
/// </summary>
/// <remarks><b>Threading</b>: the engine's thread.</remarks>
internal sealed class CommittedMark(string path) : IDisposable
{
    /// <summary>The number, and the same with every bit turned: half a write, or a foreign file, says nothing.</summary>
    private const int Bytes = 16;

    private readonly byte[] _bytes = new byte[Bytes];
    private SafeFileHandle? _file;

    /// <returns>Lines before this one were certainly committed; 0 when nothing is known.</returns>
    public long Read()
    {
        if (!File.Exists(path)) return 0;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (RandomAccess.Read(file, _bytes, 0) < Bytes) return 0;
            long line = BinaryPrimitives.ReadInt64LittleEndian(_bytes);
            return line >= 0 && BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(8)) == ~line ? line : 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Then less is known, as after a power cut.
            return 0;
        }
    }

    /// <summary>Every line before this one is committed.</summary>
    public void Write(long line)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, line);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(8), ~line);
        try
        {
            _file ??= File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(_file, _bytes, 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The older mark stays true, it only says less.
            Dispose();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
