using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Access;

/// <summary>Passwords of devices: made by us, or typed by somebody.</summary>
/// <remarks>
/// Iterations slow down whoever has stolen a hash and guesses. A made password has 144 random bits; nobody finds it however fast a guess is, so it gets the fewest SP 800-132
/// allows, and five hundred devices that come back after a restart are verified within a quarter of a second. A typed one can be guessed and gets a hundred times as many,
/// fewer than a person's 600 000: the same five hundred then take some twenty seconds of one core, and with a person's count two minutes in which half the site is dark.
/// </remarks>
public static class DeviceSecret
{
    public const int IterationsMade = PasswordHash.IterationsMin;
    public const int IterationsTyped = 100_000;

    /// <summary>Fewer than for people: the fields of many devices are short, and whoever can choose lets us make one.</summary>
    public const int LengthMin = 8;

    private const int RandomBytes = 18;

    /// <summary>24 characters of base64url: short enough for the field of a DTU, nothing in it that a form would change.</summary>
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static bool Allows(string secret, string id) => secret.Length is >= LengthMin and <= PasswordRule.LengthMax && !secret.Equals(id, StringComparison.OrdinalIgnoreCase);
}
