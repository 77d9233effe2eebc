namespace Gateway.Domain.Ledger;

/// <summary>The closed lists of words that a ledger may use, and what each stands for.</summary>
public static class LedgerWords
{
    public static IReadOnlyDictionary<string, LinkKind> Links { get; } = Words(("mqtt", LinkKind.Mqtt), ("modbus", LinkKind.Modbus), ("hj212", LinkKind.Hj212), ("sparkplug", LinkKind.Sparkplug), ("goyo", LinkKind.Goyo), ("tx101", LinkKind.Tx101));

    public static IReadOnlyDictionary<string, BusProtocol> Protocols { get; } = Words(("modbus", BusProtocol.Modbus), ("hj212", BusProtocol.Hj212), ("goyo", BusProtocol.Goyo), ("tx101", BusProtocol.Tx101));

    /// <summary>How Modbus travels to a bus behind a host; true = with the header of Modbus TCP.</summary>
    public static IReadOnlyDictionary<string, bool> Transports { get; } = Words(("tcp", true), ("rtu", false));

    public static IReadOnlyDictionary<string, BusPriority> Priorities { get; } = Words(("high", BusPriority.High), ("normal", BusPriority.Normal), ("low", BusPriority.Low));

    public static IReadOnlyDictionary<string, MachineType> MachineTypes { get; } =
        Words(("tower-crane", MachineType.TowerCrane), ("hoist", MachineType.Hoist), ("material-hoist", MachineType.MaterialHoist), ("piling", MachineType.Piling), ("other", MachineType.Other));

    public static IReadOnlyDictionary<string, CodeColour> CodeColours { get; } = Words(("green", CodeColour.Green), ("yellow", CodeColour.Yellow), ("red", CodeColour.Red));

    public static IReadOnlyDictionary<string, PolicyKind> PolicyKinds { get; } =
        Words(("safety-liability", PolicyKind.SafetyLiability), ("machinery", PolicyKind.Machinery), ("work-injury", PolicyKind.WorkInjury), ("other", PolicyKind.Other));

    public static IReadOnlyDictionary<string, Hj212CrcRule> Hj212CrcRules { get; } = Words(("any", Hj212CrcRule.Any), ("standard", Hj212CrcRule.Standard), ("modbus", Hj212CrcRule.Modbus), ("none", Hj212CrcRule.None));

    public static IReadOnlyDictionary<string, DayOfWeek> Days { get; } = Words(("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday), ("wed", DayOfWeek.Wednesday), ("thu", DayOfWeek.Thursday), ("fri", DayOfWeek.Friday), ("sat", DayOfWeek.Saturday), ("sun", DayOfWeek.Sunday));

    /// <summary>Roles of enterprises.</summary>
    public static IReadOnlyDictionary<string, string> Roles { get; } = Same("owner", "contractor", "supervisor", "lessor", "installer", "inspector");

    /// <summary>Classes of the site, for differentiated dust control.</summary>
    public static IReadOnlyDictionary<string, string> SiteClasses { get; } = Same("exempt", "green", "yellow", "red");

    /// <summary>The word of a value; the lists are short.</summary>
    public static string Of<T>(IReadOnlyDictionary<string, T> words, T value) where T : struct => words.First(w => EqualityComparer<T>.Default.Equals(w.Value, value)).Key;

    private static Dictionary<string, T> Words<T>(params ReadOnlySpan<(string Word, T Value)> words)
    {
        var list = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (word, value) in words) list.Add(word, value);
        return list;
    }

    private static Dictionary<string, string> Same(params ReadOnlySpan<string> words)
    {
        var list = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string word in words) list.Add(word, word);
        return list;
    }
}
