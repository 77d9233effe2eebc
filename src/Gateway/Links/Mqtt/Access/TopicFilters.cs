using System.Text;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Access;

/// <summary>A list of topic filters as operators write it: what falls under one is allowed, what falls under one with a leading <c>!</c> is not, and that wins.</summary>
internal sealed class TopicFilters
{
    public const char Denies = '!';

    private readonly string[] _allowed;
    private readonly string[] _denied;
    private readonly byte[][] _allowedUtf8;
    private readonly byte[][] _deniedUtf8;

    public TopicFilters(IEnumerable<string> filters)
    {
        var all = filters.ToList();
        _allowed = [.. all.Where(f => !f.StartsWith(Denies))];
        _denied = [.. all.Where(f => f.StartsWith(Denies)).Select(f => f[1..])];
        (_allowedUtf8, _deniedUtf8) = ([.. _allowed.Select(Encoding.UTF8.GetBytes)], [.. _denied.Select(Encoding.UTF8.GetBytes)]);
    }

    /// <summary>Null when the text is one; else what is wrong with it.</summary>
    public static string? Fault(string text)
    {
        byte[] filter = Encoding.UTF8.GetBytes(text.StartsWith(Denies) ? text[1..] : text);
        var verdict = MqttTopic.CheckFilter(filter);
        return !verdict.IsOk ? verdict.What : filter.AsSpan().StartsWith("$share/"u8) ? "a shared subscription has the rights of the filter inside it" : null;
    }

    public bool IsSameAs(TopicFilters other) => _allowed.AsSpan().SequenceEqual(other._allowed) && _denied.AsSpan().SequenceEqual(other._denied);

    /// <summary>For a topic name.</summary>
    public bool Allow(ReadOnlySpan<byte> topic) => AnyMatches(_allowedUtf8, topic) && !AnyMatches(_deniedUtf8, topic);

    /// <summary>For a topic filter: all of it must be covered by one that allows, and none of it may fall under one that denies.</summary>
    public bool AllowAll(string filter) => Array.Exists(_allowed, a => MqttFilter.Covers(a, filter)) && !Array.Exists(_denied, d => MqttFilter.Overlap(d, filter));

    private static bool AnyMatches(byte[][] filters, ReadOnlySpan<byte> topic)
    {
        foreach (byte[] filter in filters)
            if (MqttTopic.Matches(filter, topic)) return true;
        return false;
    }
}
