using System.Globalization;
using System.Text.Json;

namespace Gateway.Domain.Configuration;

/// <summary>
/// Reads one JSON object of the operator's own files strictly: a missing, misspelt or mistyped member becomes a <see cref="Problem"/> with its
/// path, and reading goes on, so that all faults are found in one pass.
/// </summary>
public sealed class JsonObjectReader
{
    private readonly string _file;
    private readonly JsonElement _element;
    private readonly Problems _problems;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly bool _isObject;

    private JsonObjectReader(string file, string path, JsonElement element, Problems problems)
    {
        (_file, Path, _element, _problems) = (file, path, element, problems);
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (!_isObject) Report("", $"expected an object, saw {Seen(element)}");
        else ReportDuplicates();
    }

    public string Path { get; }

    /// <summary>Parses the text; null when it is no JSON at all (the problem says line and column).</summary>
    public static JsonObjectReader? Parse(string file, ReadOnlyMemory<byte> utf8, Problems problems)
    {
        try
        {
            // The document is never disposed: its elements live in the reader and the pool takes the buffer back with it.
            var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new JsonObjectReader(file, "", document.RootElement, problems);
        }
        catch (JsonException broken)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {broken.LineNumber + 1}, column {broken.BytePositionInLine + 1}");
            problems.Add(file, place, $"not JSON: {broken.Message}");
            return null;
        }
    }

    public bool Has(string name) => _isObject && _element.TryGetProperty(name, out var e) && e.ValueKind != JsonValueKind.Null;

    public string Text(string name)
    {
        if (!Find(name, required: true, out var e)) return "";
        if (e.ValueKind == JsonValueKind.String && e.GetString() is { Length: > 0 } text) return text;
        Report(name, $"expected a non-empty string, saw {Seen(e)}");
        return "";
    }

    public string? TextOrNull(string name)
    {
        if (!Find(name, required: false, out var e)) return null;
        if (e.ValueKind == JsonValueKind.String) return e.GetString();
        Report(name, $"expected a string, saw {Seen(e)}");
        return null;
    }

    /// <summary>An identifier: 1–64 of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, so that it can stand in topics, tags, URLs and file names unescaped.</summary>
    public string Identifier(string name)
    {
        string text = Text(name);
        if (text.Length > 0 && !IsIdentifier(text)) Report(name, $"expected 1 to 64 letters, digits, '-', '_' or '.', saw \"{text}\"");
        return text;
    }

    public T OneOf<T>(string name, IReadOnlyDictionary<string, T> choices, T fallback, bool required = true)
    {
        if (!Find(name, required, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.String && choices.TryGetValue(e.GetString()!, out var value)) return value;
        Report(name, $"expected one of {string.Join(", ", choices.Keys)}, saw {Seen(e)}");
        return fallback;
    }

    public double? NumberOrNull(string name, double min, double max)
    {
        if (!Find(name, required: false, out var e)) return null;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double value) && value >= min && value <= max) return value;
        Report(name, string.Create(CultureInfo.InvariantCulture, $"expected a number from {min} to {max}, saw {Seen(e)}"));
        return null;
    }

    public double Number(string name, double min, double max, double? fallback = null)
    {
        if (fallback is null && !Has(name)) Report(name, "is missing (a number is required)");
        return NumberOrNull(name, min, max) ?? fallback ?? min;
    }

    public int? IntegerOrNull(string name, int min, int max)
    {
        if (!Find(name, required: false, out var e)) return null;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int value) && value >= min && value <= max) return value;
        Report(name, string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {min} to {max}, saw {Seen(e)}"));
        return null;
    }

    public bool Flag(string name, bool fallback)
    {
        if (!Find(name, required: false, out var e)) return fallback;
        if (e.ValueKind is JsonValueKind.True or JsonValueKind.False) return e.GetBoolean();
        Report(name, $"expected true or false, saw {Seen(e)}");
        return fallback;
    }

    public DateOnly? DateOrNull(string name)
    {
        string? text = TextOrNull(name);
        if (text is null) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        Report(name, $"expected a date as 2026-01-31, saw \"{text}\"");
        return null;
    }

    public DateOnly Date(string name)
    {
        if (!Has(name)) Report(name, "is missing (a date as 2026-01-31 is required)");
        return DateOrNull(name) ?? default;
    }

    public LocalText LocalText(string name)
    {
        if (!Find(name, required: true, out var e)) return new LocalText("", "");
        if (e.ValueKind == JsonValueKind.String) return new LocalText(e.GetString()!, e.GetString()!);
        var inner = new JsonObjectReader(_file, Join(name), e, _problems);
        var text = new LocalText(inner.Text("zh"), inner.Text("en"));
        inner.Done();
        return text;
    }

    public JsonObjectReader? ObjectOrNull(string name) =>
        Find(name, required: false, out var e) ? new JsonObjectReader(_file, Join(name), e, _problems) : null;

    public IEnumerable<JsonObjectReader> Objects(string name, bool required = false)
    {
        if (!Find(name, required, out var e)) yield break;
        if (e.ValueKind != JsonValueKind.Array)
        {
            Report(name, $"expected an array, saw {Seen(e)}");
            yield break;
        }
        int index = 0;
        foreach (var item in e.EnumerateArray())
            yield return new JsonObjectReader(_file, string.Create(CultureInfo.InvariantCulture, $"{Join(name)}[{index++}]"), item, _problems);
    }

    /// <summary>One object or several of the same form; none when the member is not there.</summary>
    public IEnumerable<JsonObjectReader> ObjectOrObjects(string name) =>
        !Find(name, required: false, out var e) ? [] : e.ValueKind == JsonValueKind.Array ? Objects(name) : [new JsonObjectReader(_file, Join(name), e, _problems)];

    public IReadOnlyList<string> Texts(string name)
    {
        if (!Find(name, required: false, out var e)) return [];
        if (e.ValueKind == JsonValueKind.Array && e.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String))
            return [.. e.EnumerateArray().Select(i => i.GetString()!)];
        Report(name, $"expected an array of strings, saw {Seen(e)}");
        return [];
    }

    /// <summary>One text or several of the same meaning; empty when the member is not there.</summary>
    public IReadOnlyList<string> TextOrTexts(string name) =>
        !Find(name, required: false, out var e) ? [] : e.ValueKind == JsonValueKind.Array ? Texts(name) : TextOrNull(name) is { } text ? [text] : [];

    /// <summary>Names of all members, for an object that is a map whose keys are data.</summary>
    public IReadOnlyList<string> Keys() => _isObject ? [.. _element.EnumerateObject().Select(m => m.Name)] : [];

    /// <summary>Says which members nobody asked for: a misspelt option must not be a silent default.</summary>
    public void Done()
    {
        if (!_isObject) return;
        foreach (var member in _element.EnumerateObject())
            if (!_read.Contains(member.Name)) Report(member.Name, $"is not known here (known: {string.Join(", ", _read.Order(StringComparer.Ordinal))})");
    }

    public void Report(string name, string text) => _problems.Add(_file, name.Length == 0 ? Path : Join(name), text);

    private static bool IsIdentifier(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private bool Find(string name, bool required, out JsonElement found)
    {
        _read.Add(name);
        found = default;
        if (!_isObject) return false;
        if (_element.TryGetProperty(name, out found) && found.ValueKind != JsonValueKind.Null) return true;
        if (required) Report(name, "is missing");
        return false;
    }

    private void ReportDuplicates()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _element.EnumerateObject())
            if (!seen.Add(member.Name)) Report(member.Name, "stands here twice");
    }

    private string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private static string Seen(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => e.GetRawText() is { Length: > 60 } raw ? raw[..60] + "…" : e.GetRawText(),
    };
}
