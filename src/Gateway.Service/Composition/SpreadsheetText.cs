using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Gateway.Domain.Configuration;

namespace Gateway.Service.Composition;

/// <summary>Tables as spreadsheets save them: comma, semicolon or tab, UTF-8 with or without its mark, or GB18030 (with GBK and GB2312 in it).</summary>
internal static class SpreadsheetText
{
    /// <summary>What a spreadsheet would run as a formula is written with an apostrophe before it, and read without.</summary>
    private const string FormulaStarts = "=@+-";

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <returns>All rows, the header first, empty ones too; null after a problem of the text as such.</returns>
    public static IReadOnlyList<IReadOnlyList<string>>? Rows(string file, byte[] bytes, Problems problems)
    {
        if (Decode(file, bytes, problems) is not { } text) return null;
        int before = problems.Items.Count;
        var options = new CsvReaderOptions
        {
            HasHeader = false,
            SkipEmptyLines = false,
            OnMalformedRecord = m => problems.Add(file, $"row {m.RecordNumber}", $"{Words(m.Reason)}: a cell with quotes in it stands in quotes, and each of its own is doubled"),
        };
        using var csv = CsvReader.FromText(text, options);
        var rows = new List<IReadOnlyList<string>>();
        while (csv.Read()) rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).Select(Plain)]);
        return problems.Items.Count == before ? rows : null;
    }

    /// <summary>UTF-8 with its mark, which spreadsheets need to know it, and CR LF.</summary>
    public static byte[] Write(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, leaveOpen: true))
            foreach (var row in rows) csv.WriteRecord([.. row]);
        return bytes.ToArray();
    }

    /// <summary>Valid UTF-8 is UTF-8: text of some length in GB18030 never is by chance.</summary>
    private static string? Decode(string file, byte[] bytes, Problems problems)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            problems.Add(file, "byte 1", "expected UTF-8 or GB18030, saw UTF-16: save it as \"CSV UTF-8\"");
            return null;
        }
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        try
        {
            return Gb18030.GetString(bytes);
        }
        catch (DecoderFallbackException neither)
        {
            problems.Add(file, $"byte {neither.Index + 1}", $"expected UTF-8 or GB18030, saw {Convert.ToHexString(neither.BytesUnknown ?? [])}, which is neither");
            return null;
        }
    }

    private static string Plain(string cell) => cell.Length > 1 && cell[0] == '\'' && FormulaStarts.Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;

    private static string Words(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quote is opened here and never closed",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote",
        _ => "a quote stands inside a cell",
    };
}
