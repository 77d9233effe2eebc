using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Gateway.Uplink.Audit;

namespace Gateway.Uplink.Checking;

/// <summary>
/// How the lines of one measurement look: names and kinds of their fields in their order. Devices say the same every time, so that a line can be compared with what is expected
/// instead of being searched; what differs, or has an escape in it, is left to <see cref="LineScan"/>.
/// </summary>
internal sealed class LineLayout
{
    private const int RunsMax = 8;

    private readonly byte[] _measurement;
    private readonly List<(byte[] Name, bool Text)> _fields = [];

    /// <param name="line">A sound line of this layout.</param>
    public LineLayout(ReadOnlySpan<byte> line, in LineScan scan, PointShape shape)
    {
        _measurement = line[..scan.MeasurementEnd].ToArray();
        var fields = line[scan.FieldsStart..scan.FieldsEnd];
        while (LineScan.TryField(ref fields, out var name, out var value))
        {
            _fields.Add(([.. name, (byte)'='], value[0] == '"'));
        }
        (Shape, Texts, Numbers) = (shape, scan.Texts, scan.Numbers);
    }

    public PointShape Shape { get; }

    public int Texts { get; }

    public int Numbers { get; }

    /// <summary>Lines of the measurement that did not look so, since one did.</summary>
    public int Misses { get; set; }

    public bool IsOf(ReadOnlySpan<byte> line) => line.Length > _measurement.Length && line[_measurement.Length] is (byte)',' or (byte)' ' && line.StartsWith(_measurement);

    /// <returns>False: it does not look so, which says nothing about whether it is sound.</returns>
    public bool TryRead(ReadOnlySpan<byte> line, out Read read)
    {
        read = default;
        int space = line.IndexOf((byte)' ');
        if (space < 0) return false;
        var prefix = line[..space];
        if (prefix.Contains((byte)'\\')) return false;
        read.Tags = prefix.Count((byte)',');
        read.FieldsStart = space + 1;
        int at = space + 1;
        bool inRun = false;
        for (int i = 0; i < _fields.Count; i++)
        {
            var (name, text) = _fields[i];
            int start = at;
            if (!line[at..].StartsWith(name)) return false;
            at += name.Length;
            at = text ? TextEnd(line, at) : NumberEnd(line, at);
            if (at < 0 || at >= line.Length || line[at] != (i == _fields.Count - 1 ? ' ' : ',')) return false;
            if (!text)
            {
                if (!inRun && ++read.Runs > RunsMax) return false;
                read.Bounds[read.Runs - 1] = inRun ? (read.Bounds[read.Runs - 1].From, at) : (start, at);
            }
            inRun = !text;
            at++;
        }
        read.FieldsEnd = at - 1;
        return Utf8Parser.TryParse(line[at..], out read.TimeNs, out int used) && used == line.Length - at && used > 0;
    }

    /// <returns>Behind a plain decimal number, −1 for anything else.</returns>
    private static int NumberEnd(ReadOnlySpan<byte> line, int at)
    {
        if ((uint)at < (uint)line.Length && line[at] == '-') at++;
        int first = at;
        while ((uint)at < (uint)line.Length && (uint)(line[at] - '0') <= 9) at++;
        if (at == first || (uint)at >= (uint)line.Length) return -1;
        if (line[at] == 'i') return at - first <= 18 ? at + 1 : -1;
        if (line[at] != '.') return at;
        at++;
        while ((uint)at < (uint)line.Length && (uint)(line[at] - '0') <= 9) at++;
        return at;
    }

    private static int TextEnd(ReadOnlySpan<byte> line, int at)
    {
        if (at >= line.Length || line[at] != '"') return -1;
        int end = line[(at + 1)..].IndexOfAny((byte)'"', (byte)'\\');
        return end < 0 || line[at + 1 + end] == '\\' ? -1 : at + end + 2;
    }

    /// <summary>Where the parts of a line are.</summary>
    public struct Read
    {
        public int Tags;
        public int FieldsStart;
        public int FieldsEnd;
        public long TimeNs;

        /// <summary>Runs of numeric fields, with their commas.</summary>
        public int Runs;
        public RunBounds Bounds;
    }

    [InlineArray(RunsMax)]
    public struct RunBounds
    {
        private (int From, int To) _first;
    }
}
