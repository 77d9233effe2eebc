using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>The rows of one spreadsheet as entries of the ledger, each with where it came from.</summary>
public sealed class TableRows
{
    private readonly LedgerTable _table;
    private readonly string _file;
    private readonly Problems _problems;
    private readonly List<(LedgerColumn Column, int Index, string Header)> _columns = [];
    private readonly HashSet<int> _headed = [];
    private readonly List<(JsonObject Entry, int Row, List<int> ItemRows)> _entries = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);

    private TableRows(LedgerTable table, string file, Problems problems) => (_table, _file, _problems) = (table, file, problems);

    public string Section => _table.Section;

    public string File => _file;

    public IEnumerable<JsonObject> Entries => _entries.Select(e => e.Entry);

    public int Count => _entries.Count;

    /// <param name="file">Name to say in problems.</param>
    /// <param name="rows">Cells as a spreadsheet counts them: the first row is the header, an empty row counts.</param>
    public static TableRows Read(LedgerTable table, string file, IReadOnlyList<IReadOnlyList<string>> rows, Problems problems)
    {
        var read = new TableRows(table, file, problems);
        if (rows.Count == 0) problems.Add(file, "row 1", $"expected a header ({string.Join(", ", table.Columns.Select(c => c.Member))}), saw an empty file");
        else read.ReadHeader(rows[0]);
        for (int i = 1; i < rows.Count; i++)
            if (rows[i].Any(c => !string.IsNullOrWhiteSpace(c))) read.ReadRow(rows[i], i + 1);
        return read;
    }

    /// <summary>Row and column of a member, or the row alone.</summary>
    /// <param name="entry">Index among <see cref="Entries"/>.</param>
    /// <param name="member">Path from the entry on; empty = the entry itself.</param>
    public string PlaceOf(int entry, string member)
    {
        var (_, row, itemRows) = _entries[entry];
        if (_table.List is { } list && member.StartsWith(list + "[", StringComparison.Ordinal))
        {
            int close = member.IndexOf(']', StringComparison.Ordinal);
            row = itemRows[int.Parse(member.AsSpan(list.Length + 1, close - list.Length - 1), CultureInfo.InvariantCulture)];
            member = list + member[(close + 1)..];
        }
        string place = string.Create(CultureInfo.InvariantCulture, $"row {row}");
        if (member.Length == 0) return place;
        string header = _columns.FirstOrDefault(c => c.Column.Member == member || c.Column.Member.StartsWith(member + ".", StringComparison.Ordinal)).Header ?? member;
        return $"{place}, column {header}";
    }

    private void ReadHeader(IReadOnlyList<string> headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            string header = headers[i].Trim();
            // A spreadsheet saves empty columns on the right along with the others.
            if (header.Length == 0) continue;
            _headed.Add(i);
            if (_table.Find(header) is not { } column) _problems.Add(_file, $"row 1, column {header}", $"is not known here (known: {string.Join(", ", _table.Columns.Select(c => $"{c.Chinese} or {c.Member}"))})");
            else if (_columns.Any(c => c.Column == column)) _problems.Add(_file, $"row 1, column {header}", "stands here twice");
            else _columns.Add((column, i, header));
        }
    }

    private void ReadRow(IReadOnlyList<string> cells, int row)
    {
        var entry = new JsonObject();
        foreach (var (column, index, header) in _columns)
        {
            string cell = index < cells.Count ? cells[index].Trim() : "";
            if (cell.Length == 0) continue;
            if (column.IsRounded(cell)) _problems.Add(_file, $"row {row}, column {header}", $"expected the digits themselves, saw \"{cell}\": the spreadsheet rounded the number; give the column the form text and type it again");
            Place(entry, column, cell);
        }
        for (int i = 0; i < cells.Count; i++)
            if (cells[i].Trim().Length > 0 && !_headed.Contains(i))
                _problems.Add(_file, string.Create(CultureInfo.InvariantCulture, $"row {row}, column {i + 1}"), $"expected nothing below an empty header, saw \"{cells[i].Trim()}\"");
        // A name in one language stands for both.
        if (entry["name"] is JsonObject { Count: 1 } name) entry["name"] = name.First().Value!.DeepClone();
        if (_table.List is null || !Joins(entry, row)) Add(entry, row);
    }

    private static void Place(JsonObject entry, LedgerColumn column, string cell)
    {
        int dot = column.Member.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            entry[column.Member] = column.ToJson(cell);
            return;
        }
        string outer = column.Member[..dot];
        if (entry[outer] is not JsonObject inner) entry[outer] = inner = [];
        inner[column.Member[(dot + 1)..]] = column.ToJson(cell);
    }

    private void Add(JsonObject entry, int row)
    {
        var itemRows = new List<int>();
        if (_table.List is { } list)
        {
            if (entry[list] is JsonObject item)
            {
                entry[list] = new JsonArray(item.DeepClone());
                itemRows.Add(row);
            }
            if ((string?)entry["id"] is { } id) _byId.TryAdd(id, _entries.Count);
        }
        _entries.Add((entry, row, itemRows));
    }

    /// <summary>A further row of somebody: one more item of the list, and nothing else that is new.</summary>
    private bool Joins(JsonObject entry, int row)
    {
        if ((string?)entry["id"] is not { } id || !_byId.TryGetValue(id, out int at) || entry[_table.List!] is not JsonObject item) return false;
        var first = _entries[at];
        foreach (var (member, value) in entry)
            if (member != _table.List && !JsonNode.DeepEquals(value, first.Entry[member]))
                _problems.Add(_file, $"row {row}, column {_columns.First(c => c.Column.Member == member || c.Column.Member.StartsWith(member + ".", StringComparison.Ordinal)).Header}", $"expected nothing or what row {first.Row} of \"{id}\" says");
        if (first.Entry[_table.List!] is not JsonArray items) first.Entry[_table.List!] = items = [];
        items.Add(item.DeepClone());
        first.ItemRows.Add(row);
        return true;
    }
}
