using System.Buffers;
using System.Text;
using Gateway.Decoding;
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

    /// <summary>So many lines that look otherwise make a measurement's layout anew.</summary>
    private const int RelearnAfter = 256;
    private const int LayoutsMax = 32;

    private readonly ArrayBufferWriter<byte> _kept = new(64 * 1024);
    private readonly List<LineLayout> _layouts = [];
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
            int after = Math.Min(end + 1, all.Length);
            var layout = LayoutOf(line);
            if (layout is not null && layout.TryRead(line, out var read) && line.Length <= LineBytesMax)
            {
                layout.Misses = 0;
                var fault = Judge(read.Tags, read.TimeNs, line.Length, layout.Numbers, nowMs);
                if (fault != LineFault.None || (dropsTexts && layout.Texts > 0))
                {
                    Keep(all[copied..start]);
                    copied = after;
                    if (fault is LineFault.None or LineFault.OnlyTexts) TextsDropped += layout.Texts;
                    if (fault == LineFault.None) KeepRuns(line, read);
                    else if (fault != LineFault.OnlyTexts) _refused.Add(([.. line, (byte)'\n'], fault));
                }
                if (fault == LineFault.None && counts is not null && layout.Numbers > 0) Count(counts, layout.Shape, DecodedMessage.Hash(line[..read.FieldsStart]), read.TimeNs, number);
            }
            else
            {
                var scan = new LineScan(line);
                var fault = scan.Fault == LineFault.None ? Judge(scan.Tags, scan.TimeNs, line.Length, scan.Numbers, nowMs) : scan.Fault;
                bool texts = dropsTexts && scan.Texts > 0 && fault is (LineFault.None or LineFault.OnlyTexts);
                if (texts) TextsDropped += scan.Texts;
                if (fault != LineFault.None || texts)
                {
                    Keep(all[copied..start]);
                    copied = after;
                    if (fault == LineFault.None) KeepNumbers(line, scan);
                    else if (fault != LineFault.OnlyTexts) _refused.Add(([.. line, (byte)'\n'], fault));
                }
                if (scan.Fault == LineFault.None) Learn(layout, line, scan);
                if (fault == LineFault.None && counts is not null && scan.Numbers > 0) Count(counts, ShapeOf(line, scan), scan.Series, scan.TimeNs, number);
            }
            start = after;
        }
        if (copied == 0) return lines;
        Keep(all[copied..]);
        return _kept.WrittenMemory;
    }

    /// <summary>Takes a line that was counted out of the count again: the server refused it.</summary>
    public void Uncount(PointCounts counts, ReadOnlySpan<byte> line, long anyLine)
    {
        line = line.TrimEnd((byte)'\n');
        var scan = new LineScan(line);
        if (scan is { Fault: LineFault.None, Numbers: > 0 }) counts.Add(ShapeOf(line, scan), HourOf(scan.TimeNs), -1, anyLine);
    }

    private LineFault Judge(int tags, long timeNs, int length, int numbers, long nowMs)
    {
        if (!dropsTexts) return LineFault.None;
        if (length > LineBytesMax) return LineFault.TooLong;
        if (tags > TagsMax) return LineFault.TooManyTags;
        if (timeNs > nowMs * NsPerMs + FutureMaxNs) return LineFault.InTheFuture;
        return numbers == 0 ? LineFault.OnlyTexts : LineFault.None;
    }

    /// <summary>The layout lines of this measurement had so far; there are as many as kinds of devices.</summary>
    private LineLayout? LayoutOf(ReadOnlySpan<byte> line)
    {
        foreach (var layout in _layouts)
            if (layout.IsOf(line)) return layout;
        return null;
    }

    private void Learn(LineLayout? had, ReadOnlySpan<byte> line, in LineScan scan)
    {
        if (had is not null && ++had.Misses < RelearnAfter) return;
        if (had is not null) _layouts.Remove(had);
        if (_layouts.Count < LayoutsMax) _layouts.Add(new LineLayout(line, scan, ShapeOf(line, scan)));
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0) _kept.Write(bytes);
    }

    /// <summary>The line with its runs of numbers, commas between them.</summary>
    private void KeepRuns(ReadOnlySpan<byte> line, in LineLayout.Read read)
    {
        var to = _kept.GetSpan(line.Length + 1);
        line[..read.FieldsStart].CopyTo(to);
        int at = read.FieldsStart;
        for (int i = 0; i < read.Runs; i++)
        {
            if (i > 0) to[at++] = (byte)',';
            var (from, end) = read.Bounds[i];
            line[from..end].CopyTo(to[at..]);
            at += end - from;
        }
        line[read.FieldsEnd..].CopyTo(to[at..]);
        at += line.Length - read.FieldsEnd;
        to[at++] = (byte)'\n';
        _kept.Advance(at);
    }

    private void KeepNumbers(ReadOnlySpan<byte> line, in LineScan scan)
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

    private void Count(PointCounts counts, PointShape shape, ulong series, long timeNs, long number)
    {
        // A store of milliseconds may make one point of two within one.
        long time = dropsTexts ? timeNs / NsPerMs : timeNs;
        counts.Add(shape, HourOf(timeNs), _recent.IsNew(series, time, number) ? 1 : 0, number);
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
    private static string Plain(ReadOnlySpan<byte> escaped) =>
        Encoding.UTF8.GetString(escaped).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal);
}
