using System.Buffers.Binary;
using Gateway.Store.Sqlite;

namespace Gateway.Store.Damage;

/// <summary>
/// Another way into a file whose first page, with header and schema, is gone: a copy with the first page of a new file. Our tables are always made in the same order, and in a
/// file with auto-vacuum their roots therefore stand on the same pages.
/// </summary>
internal static class SoundHead
{
    private const int PageBytes = 4096;

    /// <summary>Offsets of the database header (SQLite file format §1.3): versions of write and read, pages in the file, first free page and their number.</summary>
    private const int Versions = 18, Pages = 28, FreeList = 32;

    /// <param name="made">The new file, with all tables; its WAL is copied into it first.</param>
    /// <returns>False when the file is too short to hold anything.</returns>
    public static bool TryGive(string damaged, string copy, SqliteDatabase made)
    {
        long length = new FileInfo(damaged).Length;
        if (length < 2 * PageBytes) return false;
        made.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] head = new byte[PageBytes];
        using (var source = File.OpenHandle(made.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            if (RandomAccess.Read(source, head, 0) < PageBytes) return false;
        // No WAL goes with the copy: what it held of other pages is given up.
        head.AsSpan(Versions, 2).Fill(1);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(Pages), (uint)(length / PageBytes));
        head.AsSpan(FreeList, 8).Clear();
        File.Copy(damaged, copy);
        using var target = File.OpenHandle(copy, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(target, head, 0);
        return true;
    }
}
