using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>A ledger as text: one JSON document, into which the rows of its tables have been put, and which remembers where each came from.</summary>
public sealed partial class LedgerDocument
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<(TableRows Rows, int First)> _tables;

    private LedgerDocument(string file, ReadOnlyMemory<byte> utf8, IReadOnlyList<(TableRows, int)> tables)
    {
        (File, Utf8, _tables) = (file, utf8, tables);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(utf8.Span));
    }

    /// <summary>Name to say in problems.</summary>
    public string File { get; }

    /// <summary>The whole ledger. Without tables the file's own bytes.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Of <see cref="Utf8"/>, hex: the version of the ledger.</summary>
    public string Sha256 { get; }

    /// <param name="utf8">Content of <c>ledger.json</c>; what is no JSON object stays as it is, for the reader to refuse.</param>
    public static LedgerDocument Of(string file, ReadOnlyMemory<byte> utf8, IReadOnlyList<TableRows> tables)
    {
        if (tables.Count == 0 || !IsObject(utf8)) return new LedgerDocument(file, utf8, []);
        using var document = JsonDocument.Parse(utf8, Lenient);
        var placed = new List<(TableRows, int)>();
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var rows = tables.FirstOrDefault(t => member.NameEquals(t.Section) && placed.All(p => p.Item1 != t));
                if (rows is null || member.Value.ValueKind != JsonValueKind.Array) member.WriteTo(json);
                else placed.Add((rows, WriteSection(json, rows, member.Value.EnumerateArray())));
            }
            // A member that is no array is a problem of the JSON file, which the reader says; the rows then wait for the next run.
            foreach (var rows in tables.Where(t => !document.RootElement.TryGetProperty(t.Section, out _))) placed.Add((rows, WriteSection(json, rows, [])));
            json.WriteEndObject();
        }
        return new LedgerDocument(file, text.ToArray(), placed);
    }

    /// <summary>The document as it is written again: without comments, indented.</summary>
    /// <param name="tables">What it then says about tables beside it; null = nothing.</param>
    /// <param name="except">Sections to leave out.</param>
    public byte[] ToJson(bool? tables, params ReadOnlySpan<string> except)
    {
        using var document = JsonDocument.Parse(Utf8, Lenient);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
                if (!except.Contains(member.Name) && !member.NameEquals(LedgerTable.Member)) member.WriteTo(json);
            if (tables is { } said) json.WriteBoolean(LedgerTable.Member, said);
            json.WriteEndObject();
        }
        text.Write("\n"u8);
        return text.ToArray();
    }

    /// <summary>The entries of a section as they stand in the document.</summary>
    public IReadOnlyList<JsonElement> Entries(string section)
    {
        using var document = JsonDocument.Parse(Utf8, Lenient);
        return document.RootElement.TryGetProperty(section, out var entries) && entries.ValueKind == JsonValueKind.Array ? [.. entries.EnumerateArray().Select(e => e.Clone())] : [];
    }

    /// <summary>Whether tables beside the file belong to it.</summary>
    public static bool HasTables(ReadOnlyMemory<byte> utf8)
    {
        if (!IsObject(utf8)) return true;
        using var document = JsonDocument.Parse(utf8, Lenient);
        return !document.RootElement.TryGetProperty(LedgerTable.Member, out var tables) || tables.ValueKind != JsonValueKind.False;
    }

    /// <summary>A problem of the one document as a problem of the file that the operator wrote.</summary>
    public Problem Relocate(Problem problem)
    {
        string text = Entry().Replace(problem.Text, m => Find(m) is { } found && m.Groups["member"].Value.Length == 0 ? $"{found.Rows.File} {found.Rows.PlaceOf(found.Index, "")}" : m.Value);
        var match = Entry().Match(problem.Place);
        if (!match.Success || match.Index != 0 || problem.File != File || Find(match) is not { } origin) return problem with { Text = text };
        return new Problem(origin.Rows.File, origin.Rows.PlaceOf(origin.Index, match.Groups["member"].Value), text);
    }

    private (TableRows Rows, int Index)? Find(Match match)
    {
        int index = int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture);
        foreach (var (rows, first) in _tables)
            if (rows.Section == match.Groups["section"].Value && index >= first && index - first < rows.Count) return (rows, index - first);
        return null;
    }

    private static int WriteSection(Utf8JsonWriter json, TableRows rows, IEnumerable<JsonElement> before)
    {
        int first = 0;
        json.WriteStartArray(rows.Section);
        foreach (var entry in before)
        {
            entry.WriteTo(json);
            first++;
        }
        foreach (var entry in rows.Entries) entry.WriteTo(json);
        json.WriteEndArray();
        return first;
    }

    private static bool IsObject(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            // The reader says where.
            return false;
        }
    }

    [GeneratedRegex(@"(?<section>devices|operators)\[(?<index>[0-9]+)\](\.(?<member>[A-Za-z0-9_.\[\]]+))?")]
    private static partial Regex Entry();
}
