using System.ComponentModel.DataAnnotations;

namespace Gateway.Links.Mqtt;

/// <summary>Section <c>Mqtt</c>: the listener devices connect to.</summary>
public sealed class MqttOptions
{
    /// <summary>Off where a site has no MQTT devices. Default on.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IP address to listen on. Default loopback: anyone who can reach the port can publish, until device passwords exist.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port. Default 1883, IANA's for MQTT.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 1883;

    /// <summary>Whether devices may connect without a password from other machines. Default no: the listener then refuses to start on any address but loopback.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Connections at once. Default 2 000; one more is closed at once and counted.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 2_000;

    /// <summary>Largest packet, bytes. Default 65 536: a telemetry message has a few hundred.</summary>
    [Range(256, 16_777_216)]
    public int PacketBytesMax { get; set; } = 65_536;

    /// <summary>Time from the TCP connection to a CONNECT, seconds. Default 10.</summary>
    [Range(1, 300)]
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>Unacknowledged messages of one connection; beyond it the connection is not read. Default 1 000.</summary>
    [Range(1, 65_535)]
    public int InflightMax { get; set; } = 1_000;
}
