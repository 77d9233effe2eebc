using System.Buffers;

namespace Gateway.Protocols.Mqtt;

/// <summary>Topic names and topic filters [§4.7] and shared subscriptions [§4.8.2], on their UTF-8 bytes.</summary>
public static class MqttTopic
{
    private const string Share = "$share/";

    // A name of these alone needs no further look: printable ASCII without the wildcards.
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b).Where(b => b is not ((byte)'#' or (byte)'+'))]);

    /// <summary>Whether a message may be published under this name. Everything it refuses is a malformed packet.</summary>
    public static MqttVerdict CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return MqttVerdict.Malformed("empty topic name", "MQTT-4.7.3-1");
        if (name.Length <= ushort.MaxValue && !name.ContainsAnyExcept(Plain)) return MqttVerdict.Ok;
        if (name.Length > ushort.MaxValue) return MqttVerdict.Malformed("topic name longer than 65535 bytes", "MQTT-4.7.3-3");
        return name.ContainsAny((byte)'#', (byte)'+') ? MqttVerdict.Malformed("topic name with a wildcard", "MQTT-4.7.0-1") : MqttText.CheckOther(name);
    }

    /// <summary>Whether a filter can be subscribed to, shared or not.</summary>
    /// <returns><see cref="MqttReason.TopicFilterInvalid"/>, fit for SUBACK, for a wildcard or a share name in the wrong place; <see cref="MqttReason.MalformedPacket"/> for what is no text of 1 to 65535 bytes.</returns>
    public static MqttVerdict CheckFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty) return MqttVerdict.Malformed("empty topic filter", "MQTT-4.7.3-1");
        if (filter.Length > ushort.MaxValue) return MqttVerdict.Malformed("topic filter longer than 65535 bytes", "MQTT-4.7.3-3");
        if (MqttText.Check(filter) is { IsOk: false } text) return text;
        if (!filter.StartsWith("$share/"u8)) return CheckWildcards(filter);
        filter = filter[Share.Length..];
        int slash = filter.IndexOf((byte)'/');
        if (filter.IsEmpty || slash == 0) return Invalid("share name is empty", "MQTT-4.8.2-1");
        if (slash < 0 || slash == filter.Length - 1) return Invalid("share name without a topic filter after it", "MQTT-4.8.2-2");
        return filter[..slash].ContainsAny((byte)'#', (byte)'+') ? Invalid("share name with a wildcard", "MQTT-4.8.2-2") : CheckWildcards(filter[(slash + 1)..]);
    }

    /// <summary>Whether a name falls under a filter; for a shared one give its inner filter. Wildcards in front do not match names that begin with $ [MQTT-4.7.2-1].</summary>
    /// <remarks>Both as the checks above accept them; other bytes give an answer without meaning, never an exception.</remarks>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> name)
    {
        if (filter.IsEmpty || name.IsEmpty) return false;
        if (name[0] == '$' && filter[0] is (byte)'#' or (byte)'+') return false;
        while (true)
        {
            if (filter.Length == 1 && filter[0] == '#') return true;
            int filterEnd = filter.IndexOf((byte)'/'), nameEnd = name.IndexOf((byte)'/');
            var wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            var level = nameEnd < 0 ? name : name[..nameEnd];
            if (!(wanted.Length == 1 && wanted[0] == '+') && !wanted.SequenceEqual(level)) return false;
            if (filterEnd < 0) return nameEnd < 0;
            // "sport/#" is the parent's too [§4.7.1.2].
            if (nameEnd < 0) return filter[filterEnd..].SequenceEqual("/#"u8);
            filter = filter[(filterEnd + 1)..];
            name = name[(nameEnd + 1)..];
        }
    }

    /// <summary>Cuts <c>$share/{group}/{inner}</c>; false when the filter is not shared, or not one <see cref="CheckFilter"/> accepts.</summary>
    public static bool TryShared(string filter, out string group, out string inner)
    {
        (group, inner) = ("", filter);
        if (!IsShared(filter)) return false;
        int slash = filter.IndexOf('/', Share.Length);
        if (slash <= Share.Length || slash == filter.Length - 1 || filter.AsSpan(Share.Length, slash - Share.Length).ContainsAny('#', '+')) return false;
        (group, inner) = (filter[Share.Length..slash], filter[(slash + 1)..]);
        return true;
    }

    internal static bool IsShared(string filter) => filter.StartsWith(Share, StringComparison.Ordinal);

    private static MqttVerdict CheckWildcards(ReadOnlySpan<byte> filter)
    {
        for (int at = 0; at < filter.Length; at++)
        {
            if (filter[at] is not ((byte)'#' or (byte)'+')) continue;
            bool last = at == filter.Length - 1;
            if (filter[at] == '#' && !last) return Invalid("topic filter with # not at its end", "MQTT-4.7.1-1");
            if ((at == 0 || filter[at - 1] == '/') && (last || filter[at + 1] == '/')) continue;
            return filter[at] == '#'
                ? Invalid("topic filter with # that is not a whole level", "MQTT-4.7.1-1")
                : Invalid("topic filter with + that is not a whole level", "MQTT-4.7.1-2");
        }
        return MqttVerdict.Ok;
    }

    private static MqttVerdict Invalid(string what, string clause) => new(MqttReason.TopicFilterInvalid, what, clause);
}
