using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Protocols.SparkplugB;

/// <summary>A topic of the namespace <c>spBv1.0</c>, in place: spans point into the caller's bytes.</summary>
/// <remarks><b>Source</b>: Sparkplug 3.0 §4.1 [tck-id-topic-structure]; STATE §4.3.3 [tck-id-host-topic-phid-birth-topic].</remarks>
public readonly ref struct SparkplugTopic
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create([(byte)'+', (byte)'#', 0x7F, .. Enumerable.Range(0, 0x20).Select(b => (byte)b)]);

    /// <summary>The root of every topic, with its slash.</summary>
    public static ReadOnlySpan<byte> Namespace => "spBv1.0/"u8;

    public SparkplugMessageType Type { get; private init; }

    /// <summary>Group ID; of STATE empty.</summary>
    public ReadOnlySpan<byte> Group { get; private init; }

    /// <summary>Edge Node ID; of STATE the Host ID.</summary>
    public ReadOnlySpan<byte> Node { get; private init; }

    /// <summary>Device ID; empty where the message is the node's own.</summary>
    public ReadOnlySpan<byte> Device { get; private init; }

    /// <returns>Foreign: another namespace, leave it to others. Malformed: ours by its root, but no topic of the standard.</returns>
    public static SparkplugTopicVerdict TryParse(ReadOnlySpan<byte> topic, out SparkplugTopic parsed)
    {
        parsed = default;
        if (!topic.StartsWith(Namespace)) return SparkplugTopicVerdict.Foreign;
        var rest = topic[Namespace.Length..];
        if (rest.IndexOfAny(Forbidden) >= 0 || !Utf8.IsValid(rest)) return SparkplugTopicVerdict.Malformed;
        Span<Range> parts = stackalloc Range[5];
        int count = Split(rest, parts);
        if (count < 0) return SparkplugTopicVerdict.Malformed;
        if (count == 2 && rest[parts[0]].SequenceEqual("STATE"u8))
        {
            parsed = new SparkplugTopic { Type = SparkplugMessageType.State, Node = rest[parts[1]] };
            return SparkplugTopicVerdict.Sparkplug;
        }
        if (count < 3 || TypeOf(rest[parts[1]]) is not { } type || count != (IsOfDevice(type) ? 4 : 3)) return SparkplugTopicVerdict.Malformed;
        parsed = new SparkplugTopic { Type = type, Group = rest[parts[0]], Node = rest[parts[2]], Device = count == 4 ? rest[parts[3]] : default };
        return SparkplugTopicVerdict.Sparkplug;
    }

    /// <returns>How many elements, −1 when there are too many or one is empty or too long.</returns>
    private static int Split(ReadOnlySpan<byte> rest, Span<Range> parts)
    {
        int count = 0, at = 0;
        while (count < parts.Length)
        {
            int slash = rest[at..].IndexOf((byte)'/');
            int end = slash < 0 ? rest.Length : at + slash;
            if (end - at is 0 or > SparkplugLimits.IdBytesMax) return -1;
            parts[count++] = at..end;
            if (slash < 0) return count;
            at = end + 1;
        }
        return -1;
    }

    private static bool IsOfDevice(SparkplugMessageType type) =>
        type is SparkplugMessageType.DBirth or SparkplugMessageType.DDeath or SparkplugMessageType.DData or SparkplugMessageType.DCmd;

    private static SparkplugMessageType? TypeOf(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("DDATA"u8)) return SparkplugMessageType.DData;
        if (word.SequenceEqual("NDATA"u8)) return SparkplugMessageType.NData;
        if (word.SequenceEqual("DBIRTH"u8)) return SparkplugMessageType.DBirth;
        if (word.SequenceEqual("NBIRTH"u8)) return SparkplugMessageType.NBirth;
        if (word.SequenceEqual("DDEATH"u8)) return SparkplugMessageType.DDeath;
        if (word.SequenceEqual("NDEATH"u8)) return SparkplugMessageType.NDeath;
        if (word.SequenceEqual("DCMD"u8)) return SparkplugMessageType.DCmd;
        if (word.SequenceEqual("NCMD"u8)) return SparkplugMessageType.NCmd;
        return null;
    }
}

public enum SparkplugTopicVerdict : byte { Sparkplug, Foreign, Malformed }
