using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Domain.Evidence;

/// <summary>
/// The hash that ties each journal row to all rows before it: SHA-256 over the previous hash (32 bytes), sequence (int64 BE), time (int64 BE, ms),
/// length of the kind (int32 BE), kind, and body, texts in UTF-8. The first row follows 32 zero bytes.
/// </summary>
public static class EvidenceChain
{
    public const int HashBytes = 32;

    public static byte[] Next(ReadOnlySpan<byte> previous, long sequence, long atMs, string kind, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<byte> head = stackalloc byte[20];
        byte[] kindBytes = Encoding.UTF8.GetBytes(kind);
        BinaryPrimitives.WriteInt64BigEndian(head, sequence);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], atMs);
        BinaryPrimitives.WriteInt32BigEndian(head[16..], kindBytes.Length);
        hash.AppendData(head);
        hash.AppendData(kindBytes);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
