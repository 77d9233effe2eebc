using System.Text;
using Gateway.Engine.Views;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Store;

/// <summary>Counts lines by the device they are tagged with, and from when to when their points are.</summary>
internal sealed class LineCensus
{
    private readonly Dictionary<string, (long Lines, long FirstUs, long LastUs)> _devices = new(StringComparer.Ordinal);

    public void Clear() => _devices.Clear();

    public void Count(ReadOnlySpan<byte> lines)
    {
        var byName = _devices.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> name = stackalloc char[256];
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line.IsEmpty) continue;
            bool read = LineReader.TrySplit(line, out var prefix, out _, out long timeUs);
            var device = name[..Encoding.UTF8.GetChars(read ? DeviceOf(prefix, name.Length) : [], name)];
            var (count, firstUs, lastUs) = byName.TryGetValue(device, out var known) ? known : (0, long.MaxValue, 0);
            byName[device] = (count + 1, read ? Math.Min(firstUs, timeUs) : firstUs, Math.Max(lastUs, timeUs));
        }
    }

    public IReadOnlyList<GapDevice> Devices() =>
        [.. _devices.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new GapDevice(d.Key, d.Value.Lines, Time(d.Value.FirstUs == long.MaxValue ? 0 : d.Value.FirstUs), Time(d.Value.LastUs)))];

    /// <summary>The value of the tag, escapes as they stand.</summary>
    private static ReadOnlySpan<byte> DeviceOf(ReadOnlySpan<byte> prefix, int most)
    {
        int at = prefix.IndexOf(",device="u8);
        if (at < 0) return [];
        var value = prefix[(at + 8)..];
        int end = 0;
        while (end < value.Length && value[end] is not ((byte)',' or (byte)' ')) end += value[end] == '\\' ? 2 : 1;
        return value[..Math.Min(Math.Min(end, value.Length), most)];
    }

    private static DateTimeOffset Time(long us) => DateTimeOffset.FromUnixTimeMilliseconds(us / 1000);
}
