using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>Finds out what a node or device is that the ledger does not name: its birth lists every metric it will ever send.</summary>
internal static class SparkplugStranger
{
    private const int SampleCharsMax = 200;

    /// <summary>Sets the source's route by its birth, or the reason why there is none; a new stranger is announced to the engine.</summary>
    public static void Resolve(SparkplugSource source, SparkplugPayload birth, DeviceDirectory directory, IngestBuffer ingest, string? broker, long atMs)
    {
        var profile = ProfileOf(birth, directory);
        // The whole address is its id: the same Device ID may hang on many nodes [tck-id-topic-structure-namespace-duplicate-device-id-across-edge-node].
        source.Route = directory.Unregistered(LinkKind.Sparkplug, source.Address, source.Address, profile, out bool isNew, broker);
        source.Refusal = profile is null ? DecodeOutcome.NoSuchMapping : DecodeOutcome.TooManyUnregistered;
        if (isNew && source.Route is { } route)
            ingest.AppendEvent(LinkEventKind.Stranger, atMs, route.Index, stranger: new UnregisteredDevice(route.Index, LinkNames.Of(LinkKind.Sparkplug, broker), source.Address, profile!.Device.Kind, SampleOf(birth)));
    }

    /// <summary>Whether it tells anything but how to control and identify a node: most nodes are only the way to their devices.</summary>
    public static bool CarriesValues(SparkplugPayload birth)
    {
        foreach (ref readonly var metric in birth.Metrics)
        {
            var name = birth.NameOf(metric);
            if (!name.SequenceEqual("bdSeq"u8) && !name.StartsWith("Node Control/"u8) && !name.StartsWith("Properties/"u8)) return true;
        }
        return false;
    }

    /// <summary>The profile that knows most of the metrics; the first by id of several.</summary>
    private static WireProfile? ProfileOf(SparkplugPayload birth, DeviceDirectory directory)
    {
        WireProfile? best = null;
        int most = 0;
        foreach (var profile in directory.SparkplugProfiles)
        {
            int known = 0, expected = 0;
            foreach (ref readonly var metric in birth.Metrics)
                if (metric.HasName && profile.Sparkplug!.Find(birth.NameOf(metric), expected) is >= 0 and var field) (known, expected) = (known + 1, field + 1);
            if (known > most) (best, most) = (profile, known);
        }
        return best;
    }

    private static string SampleOf(SparkplugPayload birth)
    {
        var text = new StringBuilder();
        foreach (ref readonly var metric in birth.Metrics)
        {
            if (text.Length >= SampleCharsMax) break;
            string value = metric.TryNumber(metric.DataType, out double number) ? number.ToString(CultureInfo.InvariantCulture)
                : metric.Kind == SparkplugValueKind.Text ? Start(birth.TextOf(metric)) : "null";
            text.Append(text.Length == 0 ? "" : ", ").Append(Start(birth.NameOf(metric))).Append('=').Append(value);
        }
        return text.ToString(0, Math.Min(text.Length, SampleCharsMax));
    }

    private static string Start(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, SampleCharsMax)]);
}
