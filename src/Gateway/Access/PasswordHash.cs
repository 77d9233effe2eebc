using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Access;

/// <summary>A password as it is kept: PBKDF2 with HMAC-SHA-256, its salt and its count of iterations beside it.</summary>
/// <remarks><b>Source</b>: RFC 8018, 5.2. <b>Threading</b>: immutable; a computation takes a good part of a second of one core.</remarks>
public sealed class PasswordHash(byte[] salt, int iterations, byte[] hash)
{
    /// <summary>Iterations of a new hash: what OWASP asks for PBKDF2-HMAC-SHA-256 since 2023.</summary>
    public const int IterationsNow = 600_000;

    public const int SaltBytes = 16;
    public const int HashBytes = 32;

    /// <summary>What a hash from a file may ask for: fewer protect nothing (SP 800-132, 5.2), more would keep everybody else waiting.</summary>
    public const int IterationsMin = 1_000;
    public const int IterationsMax = 1_000_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytesMin = 8;
    private const int SaltBytesMax = 64;

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

    /// <summary>Reads the form <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out PasswordHash? parsed)
    {
        parsed = null;
        string[] parts = text.Split('$');
        if (parts is not [Scheme, var count, var saltText, var hashText]) return false;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < IterationsMin or > IterationsMax) return false;
        if (!TryBytes(saltText, out byte[] salt) || salt.Length is < SaltBytesMin or > SaltBytesMax || !TryBytes(hashText, out byte[] hash) || hash.Length != HashBytes) return false;
        parsed = new PasswordHash(salt, iterations, hash);
        return true;
    }

    public bool Matches(string password) => Matches(Encoding.UTF8.GetBytes(password));

    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(hash, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, hash.Length));

    /// <summary>True for the very same kept password: nobody changed it in between.</summary>
    public bool IsSameAs(PasswordHash other) => iterations == other.Iterations && CryptographicOperations.FixedTimeEquals(hash, other.Hash);

    /// <summary><c>pbkdf2-sha256$iterations$salt$hash</c>, the last two in base64: fit for a file.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private static bool TryBytes(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        bool read = Convert.TryFromBase64String(base64, bytes, out int length);
        Array.Resize(ref bytes, length);
        return read;
    }
}
