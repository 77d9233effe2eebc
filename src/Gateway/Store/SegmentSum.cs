using System.Numerics;
using System.Runtime.InteropServices;

namespace Gateway.Store;

/// <summary>The sum over a segment: SQLite has none over its pages, and a few bytes that a disk changed in the middle of a line would otherwise be another line to everybody.</summary>
/// <remarks><b>Source</b>: CRC-32C (RFC 3720, B.4), in hardware on what we run on: below a tenth of a nanosecond a byte.</remarks>
internal static class SegmentSum
{
    /// <summary>Of rows that were written before schema version 3: nothing is known.</summary>
    public const long None = 0;

    /// <param name="body">As it lies on disk, whatever its form.</param>
    /// <returns>1 to 2³² − 1, over the row's numbers (little-endian, 64 bits each) and then the body.</returns>
    public static long Of(long firstLine, long lines, long receivedMs, SegmentForm form, ReadOnlySpan<byte> body)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)firstLine);
        crc = BitOperations.Crc32C(crc, (ulong)lines);
        crc = BitOperations.Crc32C(crc, (ulong)receivedMs);
        crc = BitOperations.Crc32C(crc, (ulong)form);
        for (; body.Length >= 8; body = body[8..]) crc = BitOperations.Crc32C(crc, MemoryMarshal.Read<ulong>(body));
        foreach (byte rest in body) crc = BitOperations.Crc32C(crc, rest);
        return ~crc is 0 ? 1 : ~crc;
    }

    public static bool Fits(long sum, long firstLine, long lines, long receivedMs, SegmentForm form, ReadOnlySpan<byte> body) => sum == None || sum == Of(firstLine, lines, receivedMs, form, body);
}
