using System.ComponentModel.DataAnnotations;
using Gateway.Links.MqttClient;

namespace Gateway.LiveBus;

/// <summary>Section <c>LiveBus</c>: the central MQTT broker that always holds the open alarms and the state of the site. Connection settings as in <c>Brokers</c>.</summary>
public sealed class LiveBusOptions : BrokerOptions
{
    public LiveBusOptions() => Id = "live-bus";

    /// <summary>Default off.</summary>
    public bool Enabled { get; set; }

    /// <summary>First part of every topic. Default <c>gateway</c>.</summary>
    [Required]
    public string TopicRoot { get; set; } = "gateway";
}
