using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Decoding;

/// <summary>What ledger and profiles must agree on, so that the messages of a shared topic can be told apart.</summary>
public static class SharedTopics
{
    /// <param name="file">The ledger's name, for problems.</param>
    public static void Check(string file, SiteLedger ledger, ProfileCatalog profiles, Problems problems)
    {
        var first = new Dictionary<(string? Broker, string Topic), Device>();
        for (int i = 0; i < ledger.Devices.Count; i++)
        {
            var device = ledger.Devices[i];
            if (device.Link != LinkKind.Mqtt || MqttAddress.SerialOf(device.Address) is null) continue;
            var envelope = profiles[device.Profile].Json?.Envelope;
            if (envelope?.Serial is null)
            {
                problems.Add(file, $"devices[{i}].serial", $"profile {device.Profile} does not say which member carries the serial (json.serial)");
                continue;
            }
            var topic = (device.Broker, MqttAddress.TopicOf(device.Address));
            if (first.TryAdd(topic, device)) continue;
            byte[] serial = profiles[first[topic].Profile].Json!.Envelope!.Serial!;
            if (serial.AsSpan().SequenceEqual(envelope.Serial)) continue;
            string expected = $"expected a profile with the serial in the member {Encoding.UTF8.GetString(serial)}, as {first[topic].Profile} of {first[topic].Id} on the same topic";
            problems.Add(file, $"devices[{i}].profile", $"{expected}, saw {device.Profile} with {Encoding.UTF8.GetString(envelope.Serial)}");
        }
    }
}
