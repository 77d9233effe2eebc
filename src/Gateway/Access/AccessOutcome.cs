namespace Gateway.Access;

/// <summary>How a step with accounts, tokens or links ended. Anything but <see cref="Done"/> changed nothing.</summary>
public enum AccessOutcome
{
    Done,
    NameNotAllowed,
    PasswordNotAllowed,
    AccountExists,
    AccountUnknown,
    LastAdministrator,
    TokenUnknown,
    LinkUnknown,
    LinkNeedsAccount,
    LinkOfAnother,
    PasswordChanged,
    DeviceUnknown,
    DeviceHasNone,
    DevicePasswordNotAllowed,
    DevicePasswordInLedger,
    DeviceComesThrough,
    DeviceSharesTopics,
}

public static class AccessOutcomes
{
    /// <summary>What to tell the person: what was expected, and what can be done.</summary>
    public static string Words(this AccessOutcome outcome) => outcome switch
    {
        AccessOutcome.Done => "done",
        AccessOutcome.NameNotAllowed => $"a name has 1 to {AccountName.LengthMax} letters, digits or . _ - @",
        AccessOutcome.PasswordNotAllowed => $"a password has {PasswordRule.LengthMin} to {PasswordRule.LengthMax} characters and is not the account's name",
        AccessOutcome.AccountExists => "an account of this name exists already",
        AccessOutcome.AccountUnknown => "there is no account of this name",
        AccessOutcome.LastAdministrator => "this is the last administrator: make another one first",
        AccessOutcome.TokenUnknown => "there is no token with this id",
        AccessOutcome.LinkUnknown => "the link is not known: it was used already, has expired, or was replaced; ask for a new one",
        AccessOutcome.LinkNeedsAccount => "the set-up link makes the first account: send user and password with it",
        AccessOutcome.LinkOfAnother => "the link belongs to another account",
        AccessOutcome.PasswordChanged => "the account was changed meanwhile: sign in again",
        AccessOutcome.DeviceUnknown => "the ledger has no client of this id, and no device that connects by MQTT",
        AccessOutcome.DeviceHasNone => "it has no password here",
        AccessOutcome.DevicePasswordNotAllowed => $"the password of a device has {DeviceSecret.LengthMin} to {PasswordRule.LengthMax} characters and is not its id",
        AccessOutcome.DevicePasswordInLedger => "its password stands in the ledger: change it there (--hash prints the text for it)",
        AccessOutcome.DeviceComesThrough => "it comes in through the client its entry names as login: that one has the password",
        AccessOutcome.DeviceSharesTopics => "it shares its topics with other devices: name one client as login of all of them, and set that one's password",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
    };
}
