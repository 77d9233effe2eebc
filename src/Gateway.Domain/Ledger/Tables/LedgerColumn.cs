using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Domain.Ledger;

/// <summary>One column of a table: the member of the ledger that its cells are.</summary>
/// <param name="Member">Path from the entry on: <c>safety</c>, <c>name.zh</c>. It is the English header too.</param>
/// <param name="Chinese">The Chinese header.</param>
/// <param name="Example">What the template's example row has here.</param>
public sealed record LedgerColumn(string Member, string Chinese, CellForm Form = CellForm.Text, string Example = "")
{
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"];

    private static readonly Dictionary<string, bool> Flags = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true, ["false"] = false, ["yes"] = true, ["no"] = false, ["1"] = true, ["0"] = false, ["是"] = true, ["否"] = false,
    };

    /// <summary>Chinese words that may stand for the ledger's own, and those.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The cell as the ledger writes it. What is not of the column's form stays text, so that the ledger's reader refuses it with its own words.</summary>
    public JsonNode ToJson(string cell) => Form switch
    {
        CellForm.Number when double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) =>
            number == Math.Floor(number) && Math.Abs(number) < int.MaxValue ? JsonValue.Create((int)number) : JsonValue.Create(number),
        CellForm.Flag when Flags.TryGetValue(cell, out bool flag) => JsonValue.Create(flag),
        CellForm.Date when DateOnly.TryParseExact(cell, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        CellForm.Text when Words.TryGetValue(cell, out string? word) => JsonValue.Create(word),
        _ => JsonValue.Create(cell),
    };

    /// <summary>Spreadsheets show long numbers as 2.02E+19 and save them so: the digits are gone.</summary>
    public bool IsRounded(string cell) =>
        Form == CellForm.Text && cell.Contains("E+", StringComparison.Ordinal) && char.IsAsciiDigit(cell[0]) && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

/// <summary>How a cell is read.</summary>
public enum CellForm : byte
{
    Text,

    Number,

    /// <summary>true, yes, 1, 是 or false, no, 0, 否.</summary>
    Flag,

    /// <summary>2026-01-31, 2026/1/31, 2026.1.31 or 2026年1月31日.</summary>
    Date,
}
