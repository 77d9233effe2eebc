using System.Globalization;
using System.Text;
using Gateway.Protocols.Tx101;

namespace Gateway.Protocols.Tests.Tx101;

/// <summary>Everything a frame says, as lines.</summary>
internal static class Tx101Text
{
    public static string Of(in Tx101Frame frame)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{frame.Function} from {frame.Address} version {frame.Version:X2} control {frame.Control:X2} tries left {frame.TriesLeft}, {frame.Data.Length} bytes of data\n");
        if (frame.Function == Tx101Function.Link) text.Append(CultureInfo.InvariantCulture, $"link {frame.Data[0]:X2}\n");
        Append(text, frame.Function, frame.Data);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Tx101Function function, ReadOnlySpan<byte> data)
    {
        if (!Tx101Record.TryRead(function, data, out var record)) return;
        text.Append(CultureInfo.InvariantCulture, $"time {(record.TryGetTime(out var time) ? time.ToString("s", CultureInfo.InvariantCulture) : "-")}\n");
        foreach (var item in Enum.GetValues<Tx101Item>())
            if (record.TryGet(item, out var value)) text.Append(CultureInfo.InvariantCulture, $"{item} {value.Number} {value.State} {value.Level}\n");
        var alarms = record.Alarms;
        while (alarms.MoveNext()) text.Append(CultureInfo.InvariantCulture, $"{alarms.Current.List} {alarms.Current.Number:X2} {alarms.Current.Degree} limits {alarms.Current.Limits:b8}\n");
        if (record.HasAlarms) text.Append(CultureInfo.InvariantCulture, $"lists {(alarms.IsBroken ? "broken" : "whole")}\n");
    }
}
