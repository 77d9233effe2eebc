using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>The words for kinds of message, in profiles and at the end of topics.</summary>
internal static class MessageKinds
{
    public static IReadOnlyDictionary<string, ReadingKind> ByWord { get; } = new Dictionary<string, ReadingKind>(StringComparer.Ordinal)
    {
        ["measurement"] = ReadingKind.Measurement, ["heartbeat"] = ReadingKind.Heartbeat, ["event"] = ReadingKind.Event, ["status"] = ReadingKind.Status,
    };

    /// <summary>The last level of our own topics: <c>telemetry</c>, <c>heartbeat</c>, <c>event</c>, <c>status</c>.</summary>
    public static ReadingKind? OfTopicEnding(ReadOnlySpan<char> ending) => ending switch
    {
        "telemetry" => ReadingKind.Measurement,
        "heartbeat" => ReadingKind.Heartbeat,
        "event" => ReadingKind.Event,
        "status" => ReadingKind.Status,
        _ => null,
    };
}
