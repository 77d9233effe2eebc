using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Domain.Alarms;

/// <summary>
/// Mints alarm ids in the form of UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, the rest from SHA-256 over gateway id and alarm number. No randomness:
/// the same input gives the same id, so a replay after a crash does not make a second alarm of the first.
/// </summary>
public static class AlarmIdentity
{
    public static string Mint(string gatewayId, long number, long raisedAtMs)
    {
        Span<byte> seed = stackalloc byte[256];
        int length = Encoding.UTF8.GetBytes(gatewayId.AsSpan(0, Math.Min(gatewayId.Length, 64)), seed);
        BinaryPrimitives.WriteInt64BigEndian(seed[length..], number);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(seed[..(length + 8)], hash);
        Span<byte> id = stackalloc byte[16];
        hash[..16].CopyTo(id);
        for (int i = 0; i < 6; i++) id[i] = (byte)(raisedAtMs >> (40 - 8 * i));
        id[6] = (byte)(0x70 | id[6] & 0x0F);
        id[8] = (byte)(0x80 | id[8] & 0x3F);
        return new Guid(id, bigEndian: true).ToString();
    }
}
