using System.Globalization;
using System.Text;
using Gateway.Protocols.Goyo;

namespace Gateway.Protocols.Tests.Goyo;

/// <summary>Everything a frame says, as lines.</summary>
internal static class GoyoText
{
    public static string Of(in GoyoFrame frame)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{frame.Version} {frame.Command} {frame.Bytes.Length} bytes, checksum {frame.Checksum}, length {frame.Length}\n");
        Span<byte> station = stackalloc byte[GoyoStation.CharactersMax];
        int length = GoyoStation.Read(frame, station);
        text.Append(CultureInfo.InvariantCulture, $"station {(length == 0 ? "-" : Encoding.ASCII.GetString(station[..length]))}\n");
        if (GoyoHeartbeat.TryRead(frame, out var clock, out bool hasTime)) text.Append(CultureInfo.InvariantCulture, $"clock {(hasTime ? clock.ToString("s", CultureInfo.InvariantCulture) : "-")}\n");
        if (GoyoIdentity.TryRead(frame, out var identity))
        {
            text.Append(CultureInfo.InvariantCulture, $"identity method {identity.Method} step {identity.Step}\n");
            if (identity.TryGetState(out var who, out bool present)) text.Append(CultureInfo.InvariantCulture, $"work number {Encoding.ASCII.GetString(who)} present {present}\n");
            if (identity.TryGetPackage(out byte count, out byte number)) text.Append(CultureInfo.InvariantCulture, $"package {number} of {count}\n");
        }
        if (!GoyoRecord.TryRead(frame, out var record)) return text.ToString();
        text.Append(CultureInfo.InvariantCulture, $"time {(record.TryGetTime(out var time) ? time.ToString("s", CultureInfo.InvariantCulture) : "-")}\n");
        if (record.SaysOperator) text.Append(CultureInfo.InvariantCulture, $"operator \"{Encoding.ASCII.GetString(record.Operator)}\"\n");
        foreach (var item in Enum.GetValues<GoyoItem>())
            if (record.TryGet(item, out double raw)) text.Append(CultureInfo.InvariantCulture, $"{item} {raw}\n");
        return text.ToString();
    }
}
