using System.Security.Cryptography;

namespace Gateway.Access;

/// <summary>A password as it is kept: PBKDF2 with HMAC-SHA-256, its salt and its count of iterations beside it.</summary>
/// <remarks><b>Source</b>: RFC 8018, 5.2. <b>Threading</b>: immutable; a computation takes a good part of a second of one core.</remarks>
public sealed class PasswordHash(byte[] salt, int iterations, byte[] hash)
{
    /// <summary>Iterations of a new hash: what OWASP asks for PBKDF2-HMAC-SHA-256 since 2023.</summary>
    public const int IterationsNow = 600_000;

    public const int SaltBytes = 16;
    public const int HashBytes = 32;

    public byte[] Salt => salt;

    public int Iterations => iterations;

    public byte[] Hash => hash;

    public static PasswordHash Make(string password, int iterations = IterationsNow)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(salt, iterations, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes));
    }

    /// <summary>A hash no password has: checking against it costs what checking a real one costs.</summary>
    public static PasswordHash OfNobody(int iterations = IterationsNow) =>
        new(RandomNumberGenerator.GetBytes(SaltBytes), iterations, RandomNumberGenerator.GetBytes(HashBytes));

    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(hash, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, hash.Length));

    /// <summary>True for the very same kept password: nobody changed it in between.</summary>
    public bool IsSameAs(PasswordHash other) => iterations == other.Iterations && CryptographicOperations.FixedTimeEquals(hash, other.Hash);
}
