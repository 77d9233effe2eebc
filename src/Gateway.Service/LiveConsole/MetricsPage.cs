using System.Globalization;
using System.Text;
using Gateway.Bureau;
using Gateway.Diagnostics;
using Gateway.Diagnostics.Clock;
using Gateway.Engine;
using Gateway.History;
using Gateway.Ingest;
using Gateway.Links.BlackBoxes;
using Gateway.Links.Hj212;
using Gateway.Links.Modbus;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.MqttClient;
using Gateway.Service.LiveConsole.Api;
using Gateway.Uplink;

namespace Gateway.Service.LiveConsole;

/// <summary>All counters as Prometheus text, read from the stages when asked.</summary>
internal sealed class MetricsPage(EngineStage engine, IngestBuffer ingest, MqttLink mqtt, MqttAccess access, Hj212Link hj212, IEnumerable<BoxLink> boxes, ModbusLink modbus, MqttClientLink brokers, RefusedMessages refused, UplinkStage uplink, BureauStage bureaus, UplinkLedger ledger, EventHub hub, GatewayClock clock, ClockWatch watch, HistoryStage? history = null)
{
    public string Render()
    {
        var text = new StringBuilder(4096);
        Counter(text, "gateway_messages_received_total", "Messages taken in since the process began", ingest.Received);
        Gauge(text, "gateway_lines_committed", "Frontier committed: lines on disk since the store began", engine.CommittedLines);
        if (ledger.Any) Gauge(text, "gateway_lines_settled", "Frontier settled: lines every target has", ledger.Settled(UplinkLedger.Telemetry));
        Gauge(text, "gateway_store_bytes", "Telemetry on disk", engine.Telemetry.FileBytes);
        Counter(text, "gateway_store_dropped_lines_total", "Lines given up under the disk budget", engine.Telemetry.DroppedLines);
        Gauge(text, "gateway_store_refusing", "1 while the disk refuses writes", engine.StoreFault is null ? 0 : 1);
        if (history is not null) History(text, history);
        Gauge(text, "gateway_wall_clock_skew_ms", "Steps of the wall clock since boot", clock.WallSkewMs());
        ClockMetrics.Write(text, watch.Standing);
        Gauge(text, "gateway_mqtt_connections", "MQTT connections", mqtt.Connections);
        Gauge(text, "gateway_mqtt_sessions", "MQTT sessions, connected or kept", mqtt.Sessions);
        Gauge(text, "gateway_mqtt_subscriptions", "MQTT subscriptions", mqtt.Subscriptions);
        Gauge(text, "gateway_mqtt_retained", "MQTT retained messages", mqtt.Retained);
        Gauge(text, "gateway_mqtt_held_bytes", "What MQTT sessions hold together, by estimate", mqtt.HeldBytes);
        Counter(text, "gateway_mqtt_accepted_total", "MQTT connections accepted", mqtt.Tally.Accepted);
        Counter(text, "gateway_mqtt_rejected_total", "MQTT connections turned away", mqtt.Tally.Rejected);
        Counter(text, "gateway_mqtt_publish_received_total", "MQTT messages taken in", mqtt.Tally.PublishReceived);
        Counter(text, "gateway_mqtt_publish_sent_total", "MQTT messages sent to subscribers", mqtt.Tally.PublishSent);
        Counter(text, "gateway_mqtt_dropped_queue_full_total", "MQTT messages not queued: the subscriber's queue was full", mqtt.Tally.DroppedQueueFull);
        Counter(text, "gateway_mqtt_dropped_expired_total", "MQTT messages that expired before delivery", mqtt.Tally.DroppedExpired);
        Counter(text, "gateway_mqtt_dropped_too_large_total", "MQTT messages larger than the subscriber takes", mqtt.Tally.DroppedTooLarge);
        Counter(text, "gateway_mqtt_not_retained_total", "MQTT retained messages without room", mqtt.Tally.NotRetained);
        Counter(text, "gateway_mqtt_not_allowed_total", "MQTT publications and subscriptions without the right to the topic", mqtt.Tally.NotAllowed);
        Counter(text, "gateway_mqtt_cut_off_total", "MQTT connections cut off because they did not read", mqtt.Tally.CutOff);
        if (mqtt.Sparkplug is { } sparkplug)
        {
            Gauge(text, "gateway_sparkplug_nodes_born", "Sparkplug edge nodes with a valid birth", sparkplug.NodesBorn);
            Gauge(text, "gateway_sparkplug_devices_born", "Sparkplug devices with a valid birth", sparkplug.DevicesBorn);
            Gauge(text, "gateway_sparkplug_held", "Sparkplug messages that wait for a missing one", sparkplug.Held);
            Counter(text, "gateway_sparkplug_gaps_total", "Sparkplug gaps in a sequence that were given up", sparkplug.Gaps);
            Counter(text, "gateway_sparkplug_rebirths_total", "Sparkplug rebirth requests sent", sparkplug.Rebirths);
            Counter(text, "gateway_sparkplug_skipped_metrics_total", "Sparkplug metrics of types that are not read", sparkplug.SkippedMetrics);
        }
        Counter(text, "gateway_mqtt_throttled_total", "MQTT connections read more slowly: over their rate", mqtt.Tally.Throttled);
        Family(text, "gateway_mqtt_signins_total", "counter", "MQTT sign-ins by how they ended");
        foreach (var (outcome, count) in access.Outcomes) Sample(text, "gateway_mqtt_signins_total", $"outcome=\"{outcome}\"", count);
        Brokers(text, [.. brokers.Figures()]);
        Gauge(text, "gateway_hj212_connections", "HJ 212 connections", hj212.Connections);
        Counter(text, "gateway_hj212_foreign_bytes_total", "Bytes between HJ 212 frames that belong to none", hj212.ForeignBytes);
        Family(text, "gateway_hj212_frames_total", "counter", "HJ 212 frames by verdict");
        foreach (var (verdict, count) in hj212.Frames) Sample(text, "gateway_hj212_frames_total", $"verdict=\"{verdict}\"", count);
        Boxes(text);
        Family(text, "gateway_modbus_failures_total", "counter", "Modbus requests without data, by device and reason");
        foreach (var ((device, reason), count) in modbus.Failures) Sample(text, "gateway_modbus_failures_total", $"device=\"{device}\",reason=\"{reason}\"", count);
        BusMetrics.Write(text, modbus.Status());
        Family(text, "gateway_messages_refused_total", "counter", "Messages that became no reading, by link and reason");
        foreach (var (link, reason, count, _) in refused.All()) Sample(text, "gateway_messages_refused_total", $"link=\"{link}\",reason=\"{reason}\"", count);
        BureauMetrics.Render(text, bureaus.Figures());
        UplinkMetrics.Render(text, uplink.Figures(), clock.NowMs());
        Gauge(text, "gateway_viewers", "Viewers on the event stream", hub.Viewers);
        Counter(text, "gateway_viewers_cut_off_total", "Viewers cut off because they did not keep up", hub.CutOff);
        return text.ToString();
    }

    private void Boxes(StringBuilder text)
    {
        var links = boxes.ToList();
        if (links.Count == 0) return;
        Family(text, "gateway_box_connections", "gauge", "Connections of black boxes, by protocol");
        foreach (var link in links) Sample(text, "gateway_box_connections", $"protocol=\"{link.Name}\"", link.Connections);
        Family(text, "gateway_box_foreign_bytes_total", "counter", "Bytes between frames of black boxes that belong to none");
        foreach (var link in links) Sample(text, "gateway_box_foreign_bytes_total", $"protocol=\"{link.Name}\"", link.ForeignBytes);
        Family(text, "gateway_box_frames_total", "counter", "Frames of black boxes, by protocol and verdict");
        foreach (var link in links)
            foreach (var (verdict, count) in link.Frames) Sample(text, "gateway_box_frames_total", $"protocol=\"{link.Name}\",verdict=\"{verdict}\"", count);
    }

    private static void History(StringBuilder text, HistoryStage history)
    {
        Counter(text, "gateway_history_readings_total", "Readings taken into the history since the process began", history.Figures.Taken);
        Gauge(text, "gateway_history_frontier", "Line up to which everything is in the history, on disk", history.Frontier);
        Gauge(text, "gateway_history_bytes", "What the history holds on disk", history.Figures.FileBytes);
        Counter(text, "gateway_history_dropped_blocks_total", "Blocks of the history let go because of its budget", history.Figures.DroppedBlocks);
        Counter(text, "gateway_history_missed_lines_total", "Lines the history lacks because the store had let them go before they were read again", history.Figures.MissedLines);
        Gauge(text, "gateway_history_failing", "1 while the history cannot be written", history.Fault is null ? 0 : 1);
    }

    private static void Brokers(StringBuilder text, IReadOnlyList<BrokerFigures> brokers)
    {
        if (brokers.Count == 0) return;
        Each("gateway_broker_connected", "gauge", "1 while the broker is there and subscribed to", b => b.Status.State == BrokerState.Ok ? 1 : 0);
        Each("gateway_broker_connects_total", "counter", "Connections made to the broker", b => b.Connects);
        Each("gateway_broker_received_total", "counter", "Messages taken in from the broker", b => b.Received);
        Each("gateway_broker_oversized_total", "counter", "Messages of the broker acknowledged unread: larger than PacketBytesMax", b => b.Oversized);
        Each("gateway_broker_published_total", "counter", "Messages sent to the broker", b => b.Sent);
        Each("gateway_broker_not_published_total", "counter", "Messages the broker did not take", b => b.NotSent);
        Each("gateway_broker_outbound", "gauge", "Messages that wait for the broker", b => b.Outbound);

        void Each(string name, string type, string help, Func<BrokerFigures, long> value)
        {
            Family(text, name, type, help);
            foreach (var broker in brokers) Sample(text, name, $"broker=\"{broker.Id}\"", value(broker));
        }
    }

    private static void Counter(StringBuilder text, string name, string help, long value)
    {
        Family(text, name, "counter", help);
        Sample(text, name, "", value);
    }

    private static void Gauge(StringBuilder text, string name, string help, long value)
    {
        Family(text, name, "gauge", help);
        Sample(text, name, "", value);
    }

    internal static void Family(StringBuilder text, string name, string type, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    internal static void Sample(StringBuilder text, string name, string labels, long value) => Sample(text, name, labels, value.ToString(CultureInfo.InvariantCulture));

    internal static void Sample(StringBuilder text, string name, string labels, double value) => Sample(text, name, labels, value.ToString(CultureInfo.InvariantCulture));

    private static void Sample(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }
}
