using Gateway.Protocols.LineProtocol;
using Gateway.Uplink.Sending;

namespace Gateway.Bureau.Reports;

/// <summary>Reads the outbox from a line on and gives the book what belongs to the bureau's devices: live lines, and the minute data they computed themselves.</summary>
internal sealed class LineIntake(IReadOnlyList<Station> stations, ReportBook book, LaneSource source)
{
    private const int BatchLines = 5_000;

    private readonly (byte[] Prefix, Station Station, StationDevice Device, bool Live)[] _series =
    [
        .. stations.SelectMany(s => s.Devices.SelectMany(d => new[] { (d.Route.LinePrefix, s, d, true), (d.Route.MinutePrefix, s, d, false) })),
    ];

    /// <summary>Reads one batch.</summary>
    /// <returns>Where to go on, and whether there may be more.</returns>
    public (long Next, bool More) Read(long from)
    {
        var batch = source.Read(from, BatchLines);
        long number = batch.First;
        foreach (var range in batch.Lines.Span.Split((byte)'\n'))
        {
            var line = batch.Lines.Span[range];
            if (line.IsEmpty) continue;
            Take(line, number++);
        }
        return (batch.Count == 0 ? from : batch.Next, batch.Count > 0);
    }

    private void Take(ReadOnlySpan<byte> line, long number)
    {
        foreach (var (prefix, station, device, live) in _series)
        {
            if (!line.StartsWith(prefix) || !LineReader.TrySplit(line, out _, out var fields, out long timeUs)) continue;
            long atMs = timeUs / 1000;
            if (live) device.Heard(atMs);
            while (LineReader.TryNext(ref fields, out var name, out var text))
                if (FactorOf(device, name) is { } factor && LineReader.TryNumber(text, out double value)) Take(station, device, factor, value, atMs, number, live);
            book.Ended(station, atMs, number);
            return;
        }
    }

    private void Take(Station station, StationDevice device, Factor factor, double value, long atMs, long number, bool live)
    {
        if (live) device.Heard(factor, value, atMs);
        // Where two devices of one MN measure the same, one of them reports it.
        if (station.Reporter(factor) != device) return;
        if (live) book.Take(station, factor, value, atMs, number);
        else book.Told(station, factor, value, atMs, number);
    }

    private static Factor? FactorOf(StationDevice device, ReadOnlySpan<byte> name)
    {
        foreach (var (known, factor) in device.Names)
            if (name.SequenceEqual(known)) return factor;
        return null;
    }
}
