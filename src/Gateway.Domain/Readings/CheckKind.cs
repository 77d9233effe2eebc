using Gateway.Domain.Presence;

namespace Gateway.Domain.Readings;

/// <summary>What a check looks at.</summary>
public enum CheckKind : byte { Range, Frozen, Rate, SelfTest, Regularity, Identical, Clock }

/// <summary>The kinds of check as profiles, rule packs and the console name them.</summary>
public static class CheckKinds
{
    /// <summary>All of them; a profile names every one but <c>clock</c>, which every device has.</summary>
    public static IReadOnlyDictionary<string, CheckKind> ByWord { get; } = new Dictionary<string, CheckKind>(StringComparer.Ordinal)
    {
        ["range"] = CheckKind.Range, ["frozen"] = CheckKind.Frozen, ["rate"] = CheckKind.Rate, ["selfTest"] = CheckKind.SelfTest,
        ["regularity"] = CheckKind.Regularity, ["identical"] = CheckKind.Identical, ["clock"] = CheckKind.Clock,
    };

    public static string WordOf(CheckKind kind) => kind switch
    {
        CheckKind.Range => "range",
        CheckKind.Frozen => "frozen",
        CheckKind.Rate => "rate",
        CheckKind.SelfTest => "selfTest",
        CheckKind.Regularity => "regularity",
        CheckKind.Identical => "identical",
        _ => "clock",
    };

    /// <summary>Why a device is offline that fails such a check.</summary>
    public static string CauseOf(CheckKind kind) => kind switch
    {
        CheckKind.Range => PresenceCause.Range,
        CheckKind.Frozen => PresenceCause.Frozen,
        CheckKind.Rate => PresenceCause.Rate,
        CheckKind.SelfTest => PresenceCause.SelfTest,
        CheckKind.Regularity => PresenceCause.Regularity,
        CheckKind.Identical => PresenceCause.Identical,
        _ => PresenceCause.DeviceClock,
    };
}
