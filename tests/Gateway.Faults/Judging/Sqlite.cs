using System.Text.Json;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Judging;

/// <summary>Reads a file of the store with a program that is not ours.</summary>
internal static class Sqlite
{
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<IReadOnlyList<JsonElement>> RowsAsync(string path, string sql)
    {
        await using var sqlite = ChildProcess.Start("sqlite3", ["-json", "-cmd", ".timeout 5000", path, sql]);
        int code = await sqlite.WaitForExitAsync(TimeSpan.FromSeconds(30));
        if (code != 0) throw new IOException($"sqlite3 {path}: {sqlite.Said}");
        string json = string.Join('\n', sqlite.Output);
        if (json.Length == 0) return [];
        using var rows = JsonDocument.Parse(json);
        return [.. rows.RootElement.Clone().EnumerateArray()];
    }
}
