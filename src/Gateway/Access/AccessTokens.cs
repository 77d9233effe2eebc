using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Access;

/// <summary>The secrets a client holds instead of a password: sessions, API tokens, one-time links. 256 random bits, shown once; the store has only the SHA-256.</summary>
public static class AccessTokens
{
    public const int RandomBytes = 32;

    /// <summary>Characters of a token: base64url of <see cref="RandomBytes"/> without padding.</summary>
    public const int Length = 43;

    public static (string Token, byte[] Hash) Make()
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return (token, SHA256.HashData(Encoding.ASCII.GetBytes(token)));
    }

    /// <returns>False when the text cannot be a token.</returns>
    public static bool TryHash(string? token, out byte[] hash)
    {
        bool shaped = token is { Length: Length } && Ascii.IsValid(token);
        hash = shaped ? SHA256.HashData(Encoding.ASCII.GetBytes(token!)) : [];
        return shaped;
    }

    /// <summary>A short public name of a token, for the audit: the same token has the same label.</summary>
    public static string Label(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..4]);
}
