using System.Text;
using Gateway.History.Blocks;
using Gateway.Protocols.LineProtocol;
using Gateway.Store;

namespace Gateway.History;

/// <summary>Reads lines that history lacks from the telemetry store. Only what a line says can come back: values that were not believed are a flag, other series of a device are not its readings.</summary>
/// <param name="devices">All there are by now: it only grows.</param>
internal sealed class HistoryReplay(Func<IReadOnlyList<DeviceSeries>> devices)
{
    /// <summary>Lines of one write: some ten milliseconds of work.</summary>
    private const int LinesMax = 20_000;

    private Dictionary<string, DeviceSeries>.AlternateLookup<ReadOnlySpan<char>> _byPrefix = new Dictionary<string, DeviceSeries>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private int _known;

    private readonly Dictionary<DeviceSeries, OpenRows> _rows = [];
    private readonly char[] _text = new char[64 * 1024];

    /// <summary>What was read by the last <see cref="Read"/>.</summary>
    public IReadOnlyList<(DeviceSeries Device, OpenRows Rows)> Rows => [.. _rows.Select(r => (r.Key, r.Value))];

    /// <summary>Reads on from a line.</summary>
    /// <param name="to">Line to stop at; <see cref="long.MaxValue"/>: as far as there is anything.</param>
    /// <param name="missed">Lines before the first one that the store no longer has.</param>
    /// <returns>Line up to which everything is read or known to be gone; the same when there is nothing.</returns>
    /// <exception cref="StoreException">The telemetry store cannot be read.</exception>
    public long Read(TelemetryReader telemetry, long from, long to, out long missed)
    {
        foreach (var rows in _rows.Values) rows.Clear();
        Follow();
        long next = from, gone = 0;
        telemetry.ReadFrom(from, (head, body) =>
        {
            if (head.FirstLine >= to) return false;
            if (head.FirstLine > next) gone += head.FirstLine - next;
            long number = head.FirstLine;
            foreach (var range in body.Split((byte)'\n'))
            {
                if (body[range].IsEmpty) continue;
                if (number >= from && number < to) Line(body[range]);
                number++;
            }
            next = Math.Min(to, head.EndLine);
            return next < to && next - from < LinesMax;
        });
        // Up to a line that was certainly committed there must be something.
        if (next == from && to != long.MaxValue && to > from) (gone, next) = (to - from, to);
        missed = gone;
        return next;
    }

    private void Follow()
    {
        var all = devices();
        if (all.Count == _known) return;
        _known = all.Count;
        var byPrefix = new Dictionary<string, DeviceSeries>(StringComparer.Ordinal);
        // A device that changed its profile has two: what it measures now stands in the newer one.
        foreach (var series in all) byPrefix[series.Prefix] = series;
        _byPrefix = byPrefix.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (!LineReader.TrySplit(line, out var prefix, out var fields, out long timeUs) || prefix.Length > _text.Length) return;
        if (!_byPrefix.TryGetValue(Chars(prefix), out var device)) return;
        if (!_rows.TryGetValue(device, out var rows)) _rows.Add(device, rows = new OpenRows(device.Fields.Count));
        var cells = rows.Next();
        bool any = false;
        var flags = RowFlags.None;
        while (LineReader.TryNext(ref fields, out var name, out var value))
        {
            if (name.SequenceEqual("bad_fields"u8)) (flags, any) = (RowFlags.NotBelieved, true);
            if (device.ColumnOf(Chars(name)) is not (>= 0 and var column) || !LineReader.TryNumber(value, out double number) || !double.IsFinite(number)) continue;
            (cells[column], any) = (number + 0.0, true);
        }
        if (any) rows.Keep(timeUs, flags);
    }

    private ReadOnlySpan<char> Chars(ReadOnlySpan<byte> utf8) => _text.AsSpan(0, Encoding.UTF8.GetChars(utf8[..Math.Min(utf8.Length, _text.Length)], _text));
}
