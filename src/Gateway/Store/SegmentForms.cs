using System.Buffers;
using System.IO.Compression;
using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>How the lines of a segment lie in its body.</summary>
public enum SegmentForm : byte
{
    /// <summary>Lines of line protocol as they came.</summary>
    Raw = 0,

    /// <summary>The same as one gzip member (RFC 1952).</summary>
    Gzip = 1,
}

/// <summary>From one form to the other, and whether a body is what its row says.</summary>
internal static class SegmentForms
{
    public static byte[] Compress(ReadOnlySpan<byte> lines)
    {
        using var member = new MemoryStream(lines.Length / 4);
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(lines);
        return member.ToArray();
    }

    /// <returns>False when it is no whole member; what was written until then is worthless.</returns>
    public static bool TryExpand(ReadOnlySpan<byte> body, ArrayBufferWriter<byte> lines)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(body.ToArray(), writable: false), CompressionMode.Decompress);
            int read;
            while ((read = gzip.Read(lines.GetSpan(64 * 1024))) > 0) lines.Advance(read);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Whether a row (first_line, lines, received_ms, body, form, sum) is what was written and holds the lines it counts.</summary>
    public static bool IsSound(SqliteStatement row)
    {
        if (row.Long(0) < 0 || row.Long(1) <= 0 || !SegmentSum.Fits(row.Long(5), row.Long(0), row.Long(1), row.Long(2), (SegmentForm)row.Long(4), row.Blob(3))) return false;
        if (row.Long(4) == (long)SegmentForm.Raw) return Holds(row.Blob(3), row.Long(1));
        var lines = new ArrayBufferWriter<byte>(64 * 1024);
        return row.Long(4) == (long)SegmentForm.Gzip && TryExpand(row.Blob(3), lines) && Holds(lines.WrittenSpan, row.Long(1));
    }

    public static bool Holds(ReadOnlySpan<byte> lines, long count) => lines.Count((byte)'\n') == count && lines.EndsWith("\n"u8);
}
