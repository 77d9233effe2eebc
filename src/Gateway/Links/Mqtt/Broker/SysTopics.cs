using System.Globalization;
using System.Text;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>The listener's own figures under <c>$SYS/broker/</c>, named as mosquitto names them so that existing tools read them. Retained, never on disk.</summary>
internal sealed class SysTopics(MqttLink link)
{
    private readonly long _beganAt = link.Time.GetTimestamp();
    private long _publishedAt;

    public void PublishWhenDue(TimeProvider time)
    {
        if (link.Options.SysSeconds == 0) return;
        if (_publishedAt != 0 && time.GetElapsedTime(_publishedAt).TotalSeconds < link.Options.SysSeconds) return;
        bool first = _publishedAt == 0;
        _publishedAt = time.GetTimestamp();
        if (first) Publish("version", "site gateway");
        Publish("uptime", ((long)time.GetElapsedTime(_beganAt).TotalSeconds).ToString(CultureInfo.InvariantCulture) + " seconds");
        var tally = link.Tally;
        foreach (var (topic, value) in (ReadOnlySpan<(string, long)>)
        [
            ("clients/connected", link.Connections), ("clients/total", link.Sessions), ("clients/disconnected", Math.Max(0, link.Sessions - link.Connections)),
            ("subscriptions/count", link.Subscriptions), ("retained messages/count", link.Retained),
            ("publish/messages/received", tally.PublishReceived), ("publish/messages/sent", tally.PublishSent),
            ("publish/messages/dropped", tally.DroppedQueueFull + tally.DroppedExpired + tally.DroppedTooLarge),
            ("messages/refused", tally.NotAllowed),
        ]) Publish(topic, value.ToString(CultureInfo.InvariantCulture));
    }

    private void Publish(string topic, string value) =>
        link.Publish(new MqttMessage(Encoding.UTF8.GetBytes($"$SYS/broker/{topic}"), Encoding.UTF8.GetBytes(value), [], 0, true, MqttMessage.Never), from: null);
}
