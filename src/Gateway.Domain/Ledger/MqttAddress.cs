namespace Gateway.Domain.Ledger;

/// <summary>
/// The address of an MQTT device: its topic, or topic and serial (<c>vendor/up#A1024</c>) where several devices share one topic and the message says
/// whose it is. <c>#</c> cannot stand in a topic that is published to [MQTT-3.3.2-2], so the two never mix.
/// </summary>
public static class MqttAddress
{
    private const char Separator = '#';

    public static string Of(string topic, string? serial) => serial is null ? topic : $"{topic}{Separator}{serial}";

    public static string TopicOf(string address) => address.IndexOf(Separator) is >= 0 and var at ? address[..at] : address;

    /// <summary>Null where the topic alone names the device.</summary>
    public static string? SerialOf(string address) => address.IndexOf(Separator) is >= 0 and var at ? address[(at + 1)..] : null;
}
