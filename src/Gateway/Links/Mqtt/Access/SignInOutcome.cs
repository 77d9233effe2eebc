namespace Gateway.Links.Mqtt.Access;

/// <summary>How a sign-in ended, in counters.</summary>
public enum SignInOutcome
{
    /// <summary>In by client certificate.</summary>
    Certificate,

    /// <summary>In by a password that was computed.</summary>
    Password,

    /// <summary>In by a password that had been computed before.</summary>
    Remembered,

    /// <summary>In without a name.</summary>
    Anonymous,

    /// <summary>Wrong user name or password.</summary>
    Wrong,

    /// <summary>A certificate nobody of the ledger has, or of somebody else than the user name says.</summary>
    WrongCertificate,

    /// <summary>A certificate that was refused at the handshake: no trusted authority, expired, not for clients.</summary>
    BadCertificate,

    /// <summary>Without a name from where that is not allowed, or under the id of one who has a password or certificate.</summary>
    AnonymousRefused,

    /// <summary>Told to wait: too many failures before.</summary>
    Waiting,

    /// <summary>Told to come back: too many passwords to compute.</summary>
    Busy,
}
