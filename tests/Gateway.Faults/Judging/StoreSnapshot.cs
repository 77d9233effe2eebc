using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Judging;

/// <summary>What lay on the disk right before a file was damaged: which message stood in which lines of the telemetry.</summary>
/// <param name="File">The file that was damaged then.</param>
internal sealed record StoreSnapshot(string File, IReadOnlyDictionary<(string Device, long Seq), List<long>> Lines)
{
    private const string Telemetry = "telemetry.db";

    public static async Task<StoreSnapshot> TakeAsync(string folder, string file)
    {
        var lines = new Dictionary<(string, long), List<long>>();
        if (file != Telemetry) return new StoreSnapshot(file, lines);
        using var copy = new ScratchFolder();
        foreach (string part in (string[])[Telemetry, Telemetry + "-wal"])
            if (System.IO.File.Exists(Path.Combine(folder, part))) System.IO.File.Copy(Path.Combine(folder, part), copy[part]);
        // An earlier damage may not have been met yet: then nothing more than that snapshot is known.
        foreach (var row in await Sqlite.RowsAsync(copy[Telemetry], "SELECT first_line AS n, form, hex(body) AS body FROM segment"))
        {
            long number = row.GetProperty("n").GetInt64();
            foreach (string text in Expand(row).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var line = new SinkLine(text, 0, "");
                if (!lines.TryGetValue((line.Tag("device")!, line.Seq), out var numbers)) lines[(line.Tag("device")!, line.Seq)] = numbers = [];
                numbers.Add(number++);
            }
        }
        return new StoreSnapshot(file, lines);
    }

    private static string Expand(JsonElement row)
    {
        byte[] body = Convert.FromHexString(row.GetProperty("body").GetString()!);
        if (row.GetProperty("form").GetInt64() == 0) return Encoding.UTF8.GetString(body);
        using var text = new StreamReader(new GZipStream(new MemoryStream(body), CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }
}
