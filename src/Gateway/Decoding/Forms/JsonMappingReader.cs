using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding.Forms;

/// <summary>Reads what a profile says of JSON messages (<c>json</c> and the members of each field), and finds out whether they need a form.</summary>
/// <param name="kind">The profile's kind of device: its alarm words.</param>
internal sealed class JsonMappingReader(string kind)
{
    private static readonly Dictionary<string, int> TimeFormats = new(StringComparer.Ordinal) { ["unix-ms"] = 1, ["unix-s"] = 1000, ["text"] = 0 };

    private readonly List<JsonField> _plain = [];
    private readonly FormBuilder _form = new();
    private bool _needsForm;

    /// <summary>One entry of <c>fields</c>.</summary>
    public void ReadField(JsonObjectReader o, FieldSpec spec, ushort slot, double scale, double offset)
    {
        var paths = o.TextOrTexts("json");
        var use = new FieldUse(slot, spec.Type, scale, offset) { Values = ReadValues(o, spec), Nothing = ReadNothing(o), Last = o.IntegerOrNull("last", 1, 256) ?? 0 };
        use = ReadBits(o, use);
        if (o.Flag("largest", false)) use = use with { Largest = _form.AddLargest(slot) };
        bool special = use != new FieldUse(slot, spec.Type, scale, offset);
        if (special && paths.Count == 0) o.Report("json", "is missing (values, nothing, word, bit, last and largest say how a member is read)");
        if (use.Last > 0 && spec.Type != FieldType.Text) o.Report("last", "expected only in a field of type text");
        if (spec.Type == FieldType.Text && (use.Values is not null || use.Word is not null || use.Largest >= 0)) o.Report("type", "expected number or integer: values, word, bit and largest make numbers");
        foreach (string path in paths)
        {
            _needsForm |= special || paths.Count > 1 || path.Contains('[') || _plain.Exists(f => Encoding.UTF8.GetString(f.Path) == path);
            _form.Add(o, "json", path, use);
            _plain.Add(new JsonField(Encoding.UTF8.GetBytes(path), slot, scale, offset));
        }
    }

    /// <summary>The member <c>json</c>, after all fields.</summary>
    /// <returns>Null for a profile that reads no JSON.</returns>
    public JsonMapping? Read(JsonObjectReader root, IReadOnlyList<FieldSpec> fields)
    {
        var o = root.ObjectOrNull("json");
        if (o is null) return _plain.Count == 0 ? null : new JsonMapping(null, 1, [.. _plain]) { Form = _needsForm ? _form.Build(1, false) : null };
        bool quoted = o.Flag("quotedNumbers", false);
        int timeUnitMs = ReadTime(o, out var timePaths);
        var envelope = ReadEnvelope(o);
        var alarms = new AlarmSourceReader(kind, fields, _form);
        foreach (var source in o.Objects("alarms")) alarms.Read(source);
        o.Done();
        _needsForm |= quoted || timeUnitMs == 0 || timePaths.Count > 1 || alarms.Any;
        if (_plain.Count == 0 && !alarms.Any) root.Report("json", "expected a field with a json member, saw none");
        return new JsonMapping(timePaths.Count == 0 ? null : Encoding.UTF8.GetBytes(timePaths[0]), Math.Max(1, timeUnitMs), [.. _plain])
        {
            Form = _needsForm ? _form.Build(timeUnitMs, quoted) : null,
            Envelope = envelope,
        };
    }

    private static TextMap<double>? ReadValues(JsonObjectReader o, FieldSpec spec)
    {
        if (o.ObjectOrNull("values") is not { } map) return null;
        var values = new TextMap<double>([.. map.Keys().Select(text => KeyValuePair.Create(text, map.Number(text, -1e12, 1e12)))]);
        if (map.Keys().Count == 0) o.Report("values", $"expected at least one text and the number that {spec.Name} then has");
        map.Done();
        return values;
    }

    private static TextMap<bool>? ReadNothing(JsonObjectReader o) =>
        o.TextOrTexts("nothing") is { Count: > 0 } texts ? new TextMap<bool>(texts.Select(t => KeyValuePair.Create(t, true))) : null;

    private static FieldUse ReadBits(JsonObjectReader o, FieldUse use)
    {
        int? bit = o.IntegerOrNull("bit", 0, 63);
        if (!o.Has("word") && bit is null) return use;
        if (use.Values is not null) o.Report("values", "expected either values or word and bit");
        return use with { Word = o.OneOf("word", BitWord.Forms, BitForm.Integer, required: false), Bit = bit ?? -1 };
    }

    private int ReadTime(JsonObjectReader o, out IReadOnlyList<string> paths)
    {
        paths = o.TextOrTexts("time");
        int unitMs = o.OneOf("timeFormat", TimeFormats, 1, required: false);
        string? date = o.TextOrNull("date");
        if (date is not null && unitMs != 0) o.Report("timeFormat", "expected text where the day stands in a member of its own");
        if (date is not null && paths.Count == 0) o.Report("time", "is missing (the member with the time of day)");
        foreach (string path in paths) _form.Add(o, "time", path, new TimeUse(IsDate: false));
        if (date is not null) _form.Add(o, "date", date, new TimeUse(IsDate: true));
        return unitMs;
    }

    private static JsonEnvelope? ReadEnvelope(JsonObjectReader o)
    {
        string? serial = MemberOrNull(o, "serial"), member = null;
        var kinds = new Dictionary<string, ReadingKind>(StringComparer.Ordinal);
        ReadingKind? absent = null;
        if (o.ObjectOrNull("message") is { } message)
        {
            member = MemberOrNull(message, "member");
            if (member is null) message.Report("member", "is missing (the member that says what kind of message it is)");
            if (message.ObjectOrNull("values") is { } values) kinds = ReadKinds(values);
            if (kinds.Count == 0) message.Report("values", "expected at least one value and the kind of message that it means");
            if (message.Has("absent")) absent = message.OneOf("absent", MessageKinds.ByWord, ReadingKind.Measurement);
            message.Done();
        }
        var endings = o.ObjectOrNull("endings") is { } e ? ReadEndings(e) : [];
        if (serial is null && member is null && endings.Count == 0) return null;
        ReadingKind? other = kinds.Remove("*", out var any) ? any : null;
        return new JsonEnvelope(Utf8(serial), Utf8(member), new TextMap<ReadingKind>(kinds), other, absent, endings);
    }

    private static Dictionary<string, ReadingKind> ReadKinds(JsonObjectReader o)
    {
        var kinds = o.Keys().Distinct().ToDictionary(text => text, text => o.OneOf(text, MessageKinds.ByWord, ReadingKind.Measurement), StringComparer.Ordinal);
        o.Done();
        return kinds;
    }

    private static Dictionary<string, ReadingKind> ReadEndings(JsonObjectReader o)
    {
        var endings = ReadKinds(o);
        foreach (string ending in endings.Keys)
            if (ending.Length == 0 || ending.AsSpan().IndexOfAny('/', '+', '#') >= 0) o.Report(ending, "expected the last level of a topic, without slash and wildcards");
            else if (MessageKinds.OfTopicEnding(ending) is not null) o.Report(ending, "expected an ending that has no meaning of its own yet");
        return endings;
    }

    /// <summary>The envelope is looked for without going into arrays.</summary>
    private static string? MemberOrNull(JsonObjectReader o, string name)
    {
        string? path = o.TextOrNull(name);
        if (path is not null && (path.Length == 0 || path.Contains('['))) o.Report(name, $"expected a member that does not stand in an array, saw \"{path}\"");
        return path;
    }

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
