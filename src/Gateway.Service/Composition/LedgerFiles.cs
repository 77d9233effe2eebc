using System.Globalization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Service.Composition;

/// <summary>Where a ledger lies: a file, or a folder of <c>ledger.json</c> and the tables <c>devices.csv</c> and <c>operators.csv</c>.</summary>
internal static class LedgerFiles
{
    public const string JsonName = "ledger.json";

    /// <summary>Largest file that is read, bytes; five thousand devices take two million.</summary>
    private const long BytesMax = 32 << 20;

    /// <summary>The JSON file of a ledger that is named by file or folder.</summary>
    public static string JsonOf(string path) => Directory.Exists(path) ? Path.Combine(path, JsonName) : path;

    /// <summary>The tables that lie beside a ledger which is named by its folder, read or not.</summary>
    public static IReadOnlyList<string> TablesOf(string path) =>
        Directory.Exists(path) ? [.. LedgerTable.All.Select(t => Path.Combine(path, t.File)).Where(File.Exists)] : [];

    /// <summary>Tables that lie there and are not part of the ledger, which the operator may not know.</summary>
    public static IReadOnlyList<string> UnreadOf(string path, LedgerDocument ledger) => LedgerDocument.HasTables(ledger.Utf8) ? [] : TablesOf(path);

    /// <summary>Changes whenever a file of the ledger does: names, lengths and times.</summary>
    public static string StampOf(string path) =>
        string.Join('|', TablesOf(path).Prepend(JsonOf(path)).Select(f => new FileInfo(f)).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {(f.Exists ? f.Length : -1)} {(f.Exists ? f.LastWriteTimeUtc.Ticks : 0)}")));

    /// <param name="path">File or folder.</param>
    /// <returns>The ledger with its tables in it, or null after a problem.</returns>
    public static LedgerDocument? Read(string path, Problems problems)
    {
        string file = JsonOf(path);
        if (ReadBytes(file, problems) is not { } utf8) return null;
        if (!LedgerDocument.HasTables(utf8)) return LedgerDocument.Of(file, utf8, []);
        var files = TablesOf(path);
        var tables = new List<TableRows>();
        foreach (string table in files)
        {
            if (ReadBytes(table, problems) is not { } bytes || SpreadsheetText.Rows(table, bytes, problems) is not { } rows) continue;
            tables.Add(TableRows.Read(LedgerTable.All.First(t => t.File == Path.GetFileName(table)), table, rows, problems));
        }
        // With the devices of an unreadable table missing, the rest would be judged wrongly.
        return tables.Count == files.Count ? LedgerDocument.Of(file, utf8, tables) : null;
    }

    private static byte[]? ReadBytes(string file, Problems problems)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length <= BytesMax) return File.ReadAllBytes(file);
            problems.Add(file, "", $"expected at most {BytesMax} bytes, saw {length}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Add(file, "", refused is FileNotFoundException ? "no such file" : refused.Message);
        }
        return null;
    }
}
