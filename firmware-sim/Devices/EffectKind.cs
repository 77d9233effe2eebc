namespace FirmwareSim.Devices;

/// <summary>What can be wrong with a device; each is one command of CONTRACT.md.</summary>
internal enum EffectKind
{
    Silence,
    Freeze,
    Flap,
    Overload,
    Gust,
    DustPeak,
    ClockDrift,
    Torn,
    Unplug,
    PowerCut,
    Disconnect,
    Kill,
    WrongCrc,
    LyingLength,
    Foreign,
    Drip,
    LateReply,
    AddressClash,
}
