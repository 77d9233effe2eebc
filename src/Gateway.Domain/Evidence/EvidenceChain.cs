using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Domain.Evidence;

/// <summary>
/// The hash that ties each journal row to all rows before it: SHA-256 over the previous hash (32 bytes), sequence (int64 BE), time (int64 BE, ms),
/// length of the kind (int32 BE), kind, and body, texts in UTF-8. The first row follows 32 zero bytes.
/// </summary>
/// <remarks><b>Source</b>: FORMAT.md beside this file, with a worked example.</remarks>
public static class EvidenceChain
{
    public const int HashBytes = 32;

    private const int HeadBytes = HashBytes + 8 + 8 + 4;

    /// <summary>Rows up to this size are put together on the stack.</summary>
    private const int StackBytes = 2048;

    public static byte[] Next(ReadOnlySpan<byte> previous, long sequence, long atMs, string kind, ReadOnlySpan<byte> body)
    {
        byte[] hash = new byte[HashBytes];
        Next(previous, sequence, atMs, Encoding.UTF8.GetBytes(kind), body, hash);
        return hash;
    }

    /// <param name="previous">32 bytes.</param>
    /// <param name="kind">UTF-8, as it lies in the file.</param>
    /// <param name="hash">Gets the 32 bytes; may be <paramref name="previous"/>.</param>
    public static void Next(ReadOnlySpan<byte> previous, long sequence, long atMs, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        int length = HeadBytes + kind.Length + body.Length;
        // One piece and one call: for rows of this size, feeding the hash in parts costs more than the hash.
        byte[]? rented = length <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(length);
        Span<byte> row = rented is null ? stackalloc byte[StackBytes] : rented;
        previous.CopyTo(row);
        BinaryPrimitives.WriteInt64BigEndian(row[32..], sequence);
        BinaryPrimitives.WriteInt64BigEndian(row[40..], atMs);
        BinaryPrimitives.WriteInt32BigEndian(row[48..], kind.Length);
        kind.CopyTo(row[HeadBytes..]);
        body.CopyTo(row[(HeadBytes + kind.Length)..]);
        SHA256.HashData(row[..length], hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }
}
