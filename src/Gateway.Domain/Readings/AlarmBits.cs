using System.Globalization;

namespace Gateway.Domain.Readings;

/// <summary>
/// The one numbering of what devices report in <c>alarm_bits</c> and <c>warn_bits</c>, by kind of machine. Rules, the page and every profile use it; a
/// vendor's own numbers are mapped to these words by its profile. Documented in <c>profiles/FORMAT.md</c>.
/// </summary>
/// <remarks><b>Source</b>: alarm kinds of DOMAIN §7 and the items of §1.3 and §2; the numbers are this gateway's own and never change their meaning.</remarks>
public static class AlarmBits
{
    /// <summary>A sensor of the device is broken; the same bit for every kind.</summary>
    public const int Sensor = 30;

    /// <summary>The device reports something that its profile has no word for; the same bit for every kind.</summary>
    public const int Other = 31;

    /// <summary>Words of each kind, the place in the list being the bit.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByKind { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["crane"] = ["load", "moment", "wind", "tilt", "collision", "zone", "limit-up", "limit-down", "limit-out", "limit-in", "limit-left", "limit-right", "limit", "height", "operator"],
        ["hoist"] = ["load", "people", "speed", "anti-fall", "wind", "tilt", "height", "limit-up", "limit-down", "limit", "door", "operator", "motor"],
        ["platform"] = ["load", "tilt", "battery"],
        ["basket"] = ["load", "tilt", "people", "rope"],
    };

    /// <summary>What may be said of this kind, for the message that refuses another word.</summary>
    public static string WordsOf(string kind) =>
        string.Join(", ", (ByKind.TryGetValue(kind, out var words) ? words : ["a bit 0 to 29"]).Append("sensor").Append("other"));

    /// <returns>The bit, or null when this kind has no such word. A kind without a list of its own names its bits by number, 0 to 29.</returns>
    public static int? Find(string kind, string word)
    {
        if (word == "sensor") return Sensor;
        if (word == "other") return Other;
        if (ByKind.TryGetValue(kind, out var words)) return words.IndexOf(word) is >= 0 and var bit ? bit : null;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Sensor ? number : null;
    }

    private static int IndexOf(this IReadOnlyList<string> words, string word)
    {
        for (int i = 0; i < words.Count; i++)
            if (string.Equals(words[i], word, StringComparison.Ordinal)) return i;
        return -1;
    }
}
