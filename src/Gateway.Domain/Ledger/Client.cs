using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Somebody who connects by MQTT and is no device: a site display, another platform, a DTU that carries several devices.</summary>
/// <param name="User">The user name it signs in with; its id where the ledger names none.</param>
/// <param name="Publish">Topic filters it may publish to, besides the topics of the devices that come in through it. One with a leading <c>!</c> denies, and wins.</param>
/// <param name="Subscribe">Topic filters it may subscribe to, in the same form.</param>
public sealed record Client(string Id, LocalText Name, string User, Credentials Credentials, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe);

/// <summary>What the ledger says about how somebody proves who they are. Whoever has either may not come in without it.</summary>
/// <param name="Password">A hash, never the password: <c>pbkdf2-sha256$iterations$salt$hash</c>. Null: none, or one that <c>gateway device password</c> keeps in the store.</param>
/// <param name="Certificate">The client certificate's SHA-256 fingerprint (64 hexadecimal digits, lower case) or its common name; null: one whose common name is the id.</param>
public sealed record Credentials(string? Password, string? Certificate)
{
    /// <summary>Hexadecimal digits of a SHA-256; a <see cref="Certificate"/> of just these is a fingerprint.</summary>
    public const int FingerprintDigits = 64;

    public static readonly Credentials None = new(null, null);
}
