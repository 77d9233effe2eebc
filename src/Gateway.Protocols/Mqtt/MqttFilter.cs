namespace Gateway.Protocols.Mqtt;

/// <summary>Topic filters compared with one another [§4.7]: what a right to one filter says about another that is asked for.</summary>
/// <remarks>Both as <see cref="MqttTopic.CheckFilter"/> accepts them, shared ones without <c>$share/{group}/</c>. Other text gives an answer without meaning, never an exception.</remarks>
public static class MqttFilter
{
    /// <summary>Whether every name that falls under <paramref name="inner"/> falls under <paramref name="outer"/> too. Never true wrongly; of two filters for the very same names written differently (<c>#</c> and <c>+/#</c>) it may say false.</summary>
    public static bool Covers(ReadOnlySpan<char> outer, ReadOnlySpan<char> inner)
    {
        // Wildcards in front do not match names that begin with $ [MQTT-4.7.2-1].
        if (IsDollar(inner) && IsWild(outer)) return false;
        while (true)
        {
            bool outerGoesOn = TakeLevel(ref outer, out var wide), innerGoesOn = TakeLevel(ref inner, out var narrow);
            if (wide is "#") return true;
            if (narrow is "#" || (narrow is "+" && wide is not "+")) return false;
            if (wide is not "+" && !wide.SequenceEqual(narrow)) return false;
            // "sport/#" is the parent's too [§4.7.1.2].
            if (!innerGoesOn) return !outerGoesOn || outer is "#";
            if (!outerGoesOn) return false;
        }
    }

    /// <summary>Whether there is a name that falls under both.</summary>
    public static bool Overlap(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if ((IsDollar(a) && IsWild(b)) || (IsDollar(b) && IsWild(a))) return false;
        while (true)
        {
            bool aGoesOn = TakeLevel(ref a, out var x), bGoesOn = TakeLevel(ref b, out var y);
            if (x is "#" || y is "#") return true;
            if (x is not "+" && y is not "+" && !x.SequenceEqual(y)) return false;
            if (!aGoesOn) return !bGoesOn || b is "#";
            if (!bGoesOn) return a is "#";
        }
    }

    private static bool IsDollar(ReadOnlySpan<char> filter) => filter is ['$', ..];

    private static bool IsWild(ReadOnlySpan<char> filter) => filter is ['#' or '+', ..];

    /// <summary>Cuts the first level off; false when it was the last.</summary>
    private static bool TakeLevel(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> level)
    {
        int slash = rest.IndexOf('/');
        level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? [] : rest[(slash + 1)..];
        return slash >= 0;
    }
}
