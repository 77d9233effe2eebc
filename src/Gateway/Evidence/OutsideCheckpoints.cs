using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Evidence;

/// <summary>
/// Reads checkpoints that were kept outside, from whatever a person can get out of a store: JSON lines of <c>gateway verify --export</c> or of the live bus, JSON lines
/// of VictoriaMetrics' <c>/api/v1/export</c>, CSV of InfluxDB, line protocol.
/// </summary>
/// <remarks><b>Errors</b>: a line that looks like a checkpoint and is none is a problem with its number; other measurements are passed over.</remarks>
public sealed class OutsideCheckpoints(string gateway, Problems problems)
{
    private const string Measurement = "checkpoint";

    private readonly List<Checkpoint> _ours = [];
    private readonly Dictionary<(string Gateway, long AtMs, int Nth), Fields> _series = [];

    /// <summary>Checkpoints of this gateway.</summary>
    public IReadOnlyList<Checkpoint> Ours => _ours;

    /// <summary>Checkpoints of other gateways in the same files.</summary>
    public int Others { get; private set; }

    public void Read(string file)
    {
        string[]? header = null;
        int number = 0;
        _series.Clear();
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string place = $"line {number}";
            if (line.Trim().Length == 0 || line[0] == '#') continue;
            if (line[0] == '{') ReadJson(file, place, line);
            else if (line.StartsWith(Measurement + ",", StringComparison.Ordinal) && line.Contains('=', StringComparison.Ordinal) && header is null) ReadLine(file, place, line);
            else if (Csv.Split(line) is { } cells && cells.Contains("hash_0") && cells.Contains("seq")) header = cells;
            else if (header is not null) ReadCells(file, place, header, Csv.Split(line));
            else if (!line.Contains('=', StringComparison.Ordinal)) problems.Add(file, place, "expected JSON lines, CSV with a header, or line protocol");
        }
        foreach (var ((_, atMs, _), fields) in _series) Keep(file, $"time {atMs}", fields);
    }

    private void ReadJson(string file, string place, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.TryGetProperty("metric", out var metric)) ReadSeries(root, metric);
            else Keep(file, place, new Fields(root.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            problems.Add(file, place, $"expected a checkpoint or a series of VictoriaMetrics as JSON: {broken.Message}");
        }
    }

    /// <summary>VictoriaMetrics makes a series of each field; those of one time are one checkpoint.</summary>
    private void ReadSeries(JsonElement root, JsonElement metric)
    {
        string name = metric.GetProperty("__name__").GetString()!;
        if (!name.StartsWith(Measurement + "_", StringComparison.Ordinal)) return;
        string whose = metric.GetProperty("gateway").GetString()!;
        var seen = new Dictionary<long, int>();
        foreach (var (at, value) in root.GetProperty("timestamps").EnumerateArray().Zip(root.GetProperty("values").EnumerateArray()))
        {
            long atMs = at.GetInt64();
            int nth = seen[atMs] = seen.GetValueOrDefault(atMs) + 1;
            if (!_series.TryGetValue((whose, atMs, nth), out var fields)) _series[(whose, atMs, nth)] = fields = new Fields(new Dictionary<string, string>(StringComparer.Ordinal) { ["gateway"] = whose });
            fields.Values[name[(Measurement.Length + 1)..]] = value.GetRawText();
        }
    }

    private void ReadCells(string file, string place, string[] header, string[] cells)
    {
        // A second table of the same file brings its own header; whatever else is shorter or longer is broken.
        if (cells.Length != header.Length)
        {
            problems.Add(file, place, $"expected {header.Length} columns as in the header, saw {cells.Length}");
            return;
        }
        var fields = header.Zip(cells).Where(c => c.First.Length > 0).GroupBy(c => c.First, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.First().Second, StringComparer.Ordinal);
        if (fields.GetValueOrDefault("name", Measurement) is { Length: > 0 } name && name != Measurement) return;
        Keep(file, place, new Fields(fields));
    }

    private void ReadLine(string file, string place, string line)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!LineReader.TrySplit(Encoding.UTF8.GetBytes(line), out var prefix, out var rest, out _))
        {
            problems.Add(file, place, "expected a line of line protocol with a time");
            return;
        }
        foreach (string tag in Encoding.UTF8.GetString(prefix).TrimEnd().Split(',').Skip(1))
            if (tag.Split('=') is [var key, var value]) fields[key] = value;
        while (LineReader.TryNext(ref rest, out var name, out var value)) fields[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value).TrimEnd('i');
        Keep(file, place, new Fields(fields));
    }

    private void Keep(string file, string place, Fields fields)
    {
        if (!fields.Values.TryGetValue("gateway", out string? whose) || fields.Number("seq") is not { } seq || seq < 1 || fields.Hash() is not { } hash)
        {
            problems.Add(file, place, "expected a checkpoint with gateway, seq, and hash or hash_0 to hash_5 as whole numbers");
            return;
        }
        if (whose == gateway) _ours.Add(new Checkpoint(whose, seq, hash, fields.Number("count") ?? 0, fields.Number("atMs") ?? fields.Number("at_ms") ?? 0));
        else Others++;
    }

    private sealed record Fields(Dictionary<string, string> Values)
    {
        public long? Number(string name)
        {
            if (!Values.TryGetValue(name, out string? text)) return null;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
            // Some stores show whole numbers as 2.1e+14; below 2^53 nothing is lost by it.
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1L << 53 && Math.Floor(number) == number ? (long)number : null;
        }

        public string? Hash()
        {
            if (Values.TryGetValue("hash", out string? hex)) return hex.Length == 2 * EvidenceChain.HashBytes && hex.All(char.IsAsciiHexDigit) ? hex.ToLowerInvariant() : null;
            var words = Enumerable.Range(0, Checkpoint.Words).Select(w => Number($"hash_{w}")).ToList();
            return words.Contains(null) ? null : Checkpoint.HashOf([.. words.Select(w => w!.Value)]);
        }
    }
}
