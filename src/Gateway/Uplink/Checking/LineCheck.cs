using System.Buffers;
using System.Text;
using Gateway.Uplink.Audit;

namespace Gateway.Uplink.Checking;

/// <summary>
/// Goes over a batch before it is sent: sets aside what the target would drop or distort, takes texts out for a target that makes them 0, counts the points of what is left.
/// One pass, no allocation while all lines are sound; one owner at a time.
/// </summary>
/// <param name="dropsTexts">VictoriaMetrics: keeps only numbers, in milliseconds, of at most 30 tags, up to two days ahead.</param>
internal sealed class LineCheck(bool dropsTexts)
{
    public const int LineBytesMax = 262_144;
    public const int TagsMax = 30;
    private const long FutureMaxNs = 2L * 24 * 3_600_000_000_000;
    private const long NsPerMs = 1_000_000;

    private readonly ArrayBufferWriter<byte> _kept = new(64 * 1024);
    private readonly Dictionary<ulong, PointShape> _shapes = [];
    private readonly RecentPoints _recent = new(all: false);
    private readonly List<(byte[] Line, LineFault Fault)> _refused = [];

    /// <summary>Remembers every point, for an exact count; memory grows with them.</summary>
    public bool RemembersAll { init => _recent = new RecentPoints(value); }

    /// <summary>Lines of the last batch that must not be sent, and why.</summary>
    public IReadOnlyList<(byte[] Line, LineFault Fault)> Refused => _refused;

    /// <summary>Text fields left out since the beginning.</summary>
    public long TextsDropped { get; private set; }

    /// <param name="firstLine">Number of the first line.</param>
    /// <param name="counts">Gets the points of the lines that may be sent; null: they are not counted.</param>
    /// <returns>The lines to send: the memory that came in, or one that is valid until the next call.</returns>
    public ReadOnlyMemory<byte> Run(ReadOnlyMemory<byte> lines, long firstLine, long nowMs, PointCounts? counts)
    {
        _refused.Clear();
        _kept.ResetWrittenCount();
        var all = lines.Span;
        // What is sound is copied only once something is not.
        int copied = 0;
        long number = firstLine;
        for (int start = 0; start < all.Length; number++)
        {
            int length = all[start..].IndexOf((byte)'\n');
            int end = length < 0 ? all.Length : start + length;
            var line = all[start..end];
            var scan = new LineScan(line);
            var fault = scan.Fault == LineFault.None ? Judge(scan, line.Length, nowMs) : scan.Fault;
            int after = Math.Min(end + 1, all.Length);
            bool texts = dropsTexts && scan.Texts > 0 && fault is (LineFault.None or LineFault.OnlyTexts);
            if (texts) TextsDropped += scan.Texts;
            if (fault != LineFault.None || texts)
            {
                _kept.Write(all[copied..start]);
                copied = after;
                if (fault == LineFault.None) WriteNumbers(line, scan);
                else if (fault != LineFault.OnlyTexts) _refused.Add(([.. line, (byte)'\n'], fault));
            }
            if (fault == LineFault.None && counts is not null && scan.Numbers > 0) Count(counts, line, scan, number);
            start = after;
        }
        if (copied == 0) return lines;
        _kept.Write(all[copied..]);
        return _kept.WrittenMemory;
    }

    /// <summary>Takes a line that was counted out of the count again: the server refused it.</summary>
    public void Uncount(PointCounts counts, ReadOnlySpan<byte> line, long anyLine)
    {
        line = line.TrimEnd((byte)'\n');
        var scan = new LineScan(line);
        if (scan is { Fault: LineFault.None, Numbers: > 0 }) counts.Add(ShapeOf(line, scan), HourOf(scan.TimeNs), -1, anyLine);
    }

    private LineFault Judge(in LineScan scan, int length, long nowMs)
    {
        if (!dropsTexts) return LineFault.None;
        if (length > LineBytesMax) return LineFault.TooLong;
        if (scan.Tags > TagsMax) return LineFault.TooManyTags;
        if (scan.TimeNs > nowMs * NsPerMs + FutureMaxNs) return LineFault.InTheFuture;
        return scan.Numbers == 0 ? LineFault.OnlyTexts : LineFault.None;
    }

    private void WriteNumbers(ReadOnlySpan<byte> line, in LineScan scan)
    {
        _kept.Write(line[..scan.FieldsStart]);
        var fields = line[scan.FieldsStart..scan.FieldsEnd];
        bool first = true;
        while (LineScan.TryField(ref fields, out var name, out var value))
        {
            if (value[0] == '"') continue;
            if (!first) _kept.Write(","u8);
            first = false;
            _kept.Write(name);
            _kept.Write("="u8);
            _kept.Write(value);
        }
        _kept.Write(line[scan.FieldsEnd..]);
        _kept.Write("\n"u8);
    }

    private void Count(PointCounts counts, ReadOnlySpan<byte> line, in LineScan scan, long number)
    {
        // A store of milliseconds may make one point of two within one.
        long time = dropsTexts ? scan.TimeNs / NsPerMs : scan.TimeNs;
        counts.Add(ShapeOf(line, scan), HourOf(scan.TimeNs), _recent.IsNew(scan.Series, time, number) ? 1 : 0, number);
    }

    private PointShape ShapeOf(ReadOnlySpan<byte> line, in LineScan scan)
    {
        if (_shapes.TryGetValue(scan.Shape, out var shape)) return shape;
        var names = new List<string>();
        var fields = line[scan.FieldsStart..scan.FieldsEnd];
        while (LineScan.TryField(ref fields, out var name, out var value))
            if (value[0] != '"') names.Add(Plain(name));
        // As many shapes as a device may leave fields out; far beyond that something invents names.
        if (_shapes.Count > 10_000) _shapes.Clear();
        return _shapes[scan.Shape] = new PointShape(Plain(line[..scan.MeasurementEnd]), names);
    }

    private static long HourOf(long timeNs) => timeNs / (NsPerMs * PointCounts.HourMs) * PointCounts.HourMs;

    /// <summary>Without the backslashes of line protocol.</summary>
    private static string Plain(ReadOnlySpan<byte> escaped) => Encoding.UTF8.GetString(escaped).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal);
}
