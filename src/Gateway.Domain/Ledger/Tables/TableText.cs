using System.Globalization;
using System.Text.Json;

namespace Gateway.Domain.Ledger;

/// <summary>Entries of the ledger as rows of a spreadsheet: the way back of <see cref="TableRows"/>.</summary>
public static class TableText
{
    public static IReadOnlyList<string> Header(LedgerTable table, bool chinese) => [.. table.Columns.Select(c => chinese ? c.Chinese : c.Member)];

    /// <summary>One row an entry, or one an item of its list.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(LedgerTable table, JsonElement entry)
    {
        if (table.List is not { } list || !entry.TryGetProperty(list, out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
        {
            yield return [.. table.Columns.Select(c => Cell(entry, c.Member))];
            yield break;
        }
        foreach (var item in items.EnumerateArray())
            yield return [.. table.Columns.Select(c => c.Member.StartsWith(list + ".", StringComparison.Ordinal) ? Cell(item, c.Member[(list.Length + 1)..]) : Cell(entry, c.Member))];
    }

    private static string Cell(JsonElement entry, string member)
    {
        int dot = member.IndexOf('.', StringComparison.Ordinal);
        if (!entry.TryGetProperty(dot < 0 ? member : member[..dot], out var value)) return "";
        if (dot >= 0 && value.ValueKind == JsonValueKind.Object) return Cell(value, member[(dot + 1)..]);
        // A name in one language stands in the first of its columns.
        if (dot >= 0) return member.EndsWith(".zh", StringComparison.Ordinal) ? Text(value) : "";
        return Text(value);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };
}
