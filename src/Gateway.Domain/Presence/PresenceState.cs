namespace Gateway.Domain.Presence;

/// <summary>Where a device stands (DESIGN §4). Unknown is not offline: it means that we could not have heard it.</summary>
public enum PresenceState : byte
{
    Unknown,
    Online,
    Offline,
    NotInService,
}

/// <summary>A closed span of one state: what accounting, reports and the evidence chain are made of. Half open, ms of the gateway's timeline.</summary>
public readonly record struct PresenceInterval(int Device, PresenceState State, string Cause, long FromMs, long ToMs);

/// <summary>Why a device is offline or unknown; the words that go into tags, the journal and the console's catalogues.</summary>
public static class PresenceCause
{
    public const string None = "";
    public const string Silent = "silent";
    public const string Will = "will";

    /// <summary>A death certificate of Sparkplug: NDEATH of its edge node or DDEATH of its own.</summary>
    public const string Death = "death";

    public const string InstrumentBroken = "instrument-broken";

    /// <summary>From here on the device speaks and is not believed: one word for each kind of check.</summary>
    public const string Frozen = "frozen";
    public const string Range = "range";
    public const string Rate = "rate";
    public const string SelfTest = "self-test";
    public const string Regularity = "regularity";
    public const string Identical = "identical";
    public const string DeviceClock = "device-clock";

    /// <summary>The box was without power, or was reset: its kernel is another one than before.</summary>
    public const string Power = "power";

    public const string Gateway = "gateway";

    /// <summary>The gateway's own clock was wrong, and civil time was skipped when it was set.</summary>
    public const string Clock = "clock";

    /// <summary>The store refused, and what came could not be judged.</summary>
    public const string Store = "store";

    /// <summary>The box that several devices come in through (a client of the ledger, the converter of a bus) is not connected.</summary>
    public const string Dtu = "dtu";

    public const string Bus = "bus";
    public const string Port = "port";
    public const string Broker = "broker";
}
