using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Decoding.Forms;
using Gateway.Domain.Readings;
using Gateway.Testing;

namespace Gateway.Tests.Decoding.Forms;

/// <summary>A message of the case folder, named <c>{profile}.{case}.json</c>, and what it says in the site's clock, written by hand from the message.</summary>
internal static class VendorCase
{
    private const string Folder = "tests/Gateway.Tests/Decoding/Forms/cases/";

    public static IReadOnlyList<string> Names { get; } = [.. Repository.ReadAll(Folder, ".json").Select(f => Path.GetFileNameWithoutExtension(f.File))];

    public static string ProfileOf(string name) => name[..name.IndexOf('.')];

    public static byte[] Payload(string name) => Repository.Read(Folder + name + ".json").AsSpan().TrimEnd((byte)'\n').ToArray();

    public static string Expected(string name) => Encoding.UTF8.GetString(Repository.Read(Folder + name + ".expected"));

    /// <summary>What the gateway makes of the message, in the words of the expected file.</summary>
    public static string Read(DeviceRoute route, ReadOnlySpan<byte> payload, TextTable texts)
    {
        var text = new StringBuilder();
        var envelope = route.Profile.Json!.Envelope!;
        Span<byte> serial = new byte[EnvelopeScan.TextBytesMax], kindText = new byte[EnvelopeScan.TextBytesMax];
        EnvelopeScan.Read(payload, envelope.Serial, envelope.KindMember, ref serial, ref kindText);
        var kind = envelope.KindMember is null ? route.Profile.Device.Life : envelope.KindOf(kindText);
        text.Append(CultureInfo.InvariantCulture, $"serial {Encoding.UTF8.GetString(serial)}\nkind {kind}\n");
        var message = new DecodedMessage();
        var outcome = new JsonDecoder(texts).Decode(route, payload, message, kind ?? ReadingKind.Measurement);
        if (outcome != DecodeOutcome.Decoded) return $"{outcome}";
        if (message.MeasuredAtMs != 0) text.Append(CultureInfo.InvariantCulture, $"time {TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(message.MeasuredAtMs), route.Zone):yyyy-MM-ddTHH:mm:ss.fff}\n");
        foreach (var sample in message.Samples)
        {
            var field = route.Profile.Device.Fields[sample.Slot];
            string value = sample.Quality == SampleQuality.Bad ? "bad"
                : field.Type == FieldType.Text ? $"\"{texts.TextOf((int)sample.Value)}\""
                : field.Name is "alarm_bits" or "warn_bits" ? Words(route.Profile.Device.Kind, (long)sample.Value)
                : sample.Value.ToString("0.######", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{field.Name} {value}{(sample.Quality == SampleQuality.OutOfRange ? " out of range" : "")}\n");
        }
        return text.ToString();
    }

    private static string Words(string kind, long bits)
    {
        var words = AlarmBits.ByKind[kind].Append("sensor").Append("other").Where(w => (bits >> AlarmBits.Find(kind, w)!.Value & 1) != 0).ToList();
        return words.Count == 0 ? "-" : string.Join(' ', words);
    }
}
