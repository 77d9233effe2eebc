using System.ComponentModel.DataAnnotations;
using Gateway.Links.Mqtt.Tls;
using Microsoft.Extensions.Options;

namespace Gateway.Links.Mqtt;

/// <summary>Section <c>Mqtt</c>: the listener devices connect to.</summary>
public sealed class MqttOptions
{
    /// <summary>The plain listener: off where a site has no MQTT devices, or lets them come over <see cref="Tls"/> only. Default on.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IP address to listen on. Default loopback: what other machines may do has to be decided first.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port. Default 1883, IANA's for MQTT.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 1883;

    /// <summary>From where clients may come in without saying who they are. Default loopback. A proxy on this machine (stunnel, a TCP balancer) makes everybody come from loopback: then say <c>no</c>.</summary>
    public AnonymousFrom Anonymous { get; set; } = AnonymousFrom.Loopback;

    /// <summary>Topic filters such a client may publish to; one with a leading <c>!</c> denies, and wins. Default <c>#</c>. The topics of a device that has a password or certificate are never among them.</summary>
    public string[]? AnonymousPublish { get; set; }

    /// <summary>Topic filters it may subscribe to, in the same form. Default <c>#</c> and <c>$SYS/#</c>.</summary>
    public string[]? AnonymousSubscribe { get; set; }

    /// <summary>The same over TLS.</summary>
    [ValidateObjectMembers]
    public MqttTlsOptions Tls { get; set; } = new();

    /// <summary>The same over WebSocket, on the console's port.</summary>
    public MqttWebSocketOptions WebSocket { get; set; } = new();

    /// <summary>Connections at once. Default 12 000: twice the devices of the largest site; one more is closed at once and counted.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 12_000;

    /// <summary>Connections at once from one address. Default 12 000, as many as there may be: whole sites stand behind one mobile router; lower it where devices have addresses of their own.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddressMax { get; set; } = 12_000;

    /// <summary>Largest packet, bytes. Default 65 536: a telemetry message has a few hundred.</summary>
    [Range(256, 16_777_216)]
    public int PacketBytesMax { get; set; } = 65_536;

    /// <summary>Time from the TCP connection to a CONNECT, seconds. Default 10.</summary>
    [Range(1, 300)]
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>Longest keep-alive, seconds; a client that asks for more, or for none, is told this one (5.0) or judged by what it asked for (3.1.1, where it cannot be told). Default 600; 0 = no limit.</summary>
    [Range(0, 65_535)]
    public int KeepAliveSecondsMax { get; set; } = 600;

    /// <summary>Unacknowledged messages of one connection, and the receive maximum told to 5.0 clients; a 3.1.1 connection is not read beyond it. Default 1 000.</summary>
    [Range(1, 65_535)]
    public int InflightMax { get; set; } = 1_000;

    /// <summary>Messages of QoS 1 and 2 on their way to one subscriber at once, if it does not ask for less. Default 100.</summary>
    [Range(1, 65_535)]
    public int SendWindowMax { get; set; } = 100;

    /// <summary>Requests of one connection a second (PUBLISH, SUBSCRIBE, UNSUBSCRIBE), with as many in one burst; beyond it the connection is read more slowly, and nothing is lost. Default 10 000; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int MessagesPerSecondMax { get; set; } = 10_000;

    /// <summary>Topic aliases a 5.0 client may set up, and that we set up for it. Default 32.</summary>
    [Range(0, 65_535)]
    public int TopicAliasMax { get; set; } = 32;

    /// <summary>Sessions, connected or kept, beyond which no further one is kept; clean sessions are bounded by the connections. Default 20 000.</summary>
    [Range(1, 1_000_000)]
    public int SessionsMax { get; set; } = 20_000;

    /// <summary>How long a session without a connection is kept at most, seconds. Default 604 800, a week: longer than any holiday shutdown of a single device, and bounded.</summary>
    [Range(0, 31_536_000)]
    public int SessionExpirySecondsMax { get; set; } = 604_800;

    /// <summary>Subscriptions of one client. Default 100.</summary>
    [Range(1, 100_000)]
    public int SubscriptionsMax { get; set; } = 100;

    /// <summary>Messages held for one subscriber, sent and unacknowledged ones included; beyond it new ones are not queued for it, and counted. Default 1 000.</summary>
    [Range(1, 1_000_000)]
    public int QueueMessagesMax { get; set; } = 1_000;

    /// <summary>The same in KiB. Default 4 096.</summary>
    [Range(64, 1_048_576)]
    public int QueueKiBMax { get; set; } = 4_096;

    /// <summary>What all sessions may hold together, MiB of memory by estimate: queued messages (once for each subscriber), subscriptions, Wills that wait. Beyond it messages are not queued and counted, subscriptions refused, Wills published at once. Default 256.</summary>
    [Range(1, 65_536)]
    public int SessionsMiBMax { get; set; } = 256;

    /// <summary>Retained messages. Default 10 000.</summary>
    [Range(0, 1_000_000)]
    public int RetainedMax { get; set; } = 10_000;

    /// <summary>The same in MiB. Default 16.</summary>
    [Range(1, 1_024)]
    public int RetainedMiBMax { get; set; } = 16;

    /// <summary>How often the figures under <c>$SYS</c> are published, seconds. Default 10; 0 = never.</summary>
    [Range(0, 3_600)]
    public int SysSeconds { get; set; } = 10;
}

/// <summary>From where a client may come in without a name.</summary>
public enum AnonymousFrom
{
    /// <summary>Nowhere.</summary>
    No,

    /// <summary>This machine, over the listeners; a WebSocket comes from a browser, which anybody's page can make speak, and never counts.</summary>
    Loopback,

    /// <summary>Every machine that reaches a listener, and WebSockets of an allowed origin.</summary>
    Anywhere,
}

/// <summary>Section <c>Mqtt.WebSocket</c>: <c>/mqtt</c> on the console's port, for tools in a browser.</summary>
public sealed class MqttWebSocketOptions
{
    /// <summary>Default off: whoever opens the console to a network should decide about MQTT on its own.</summary>
    public bool Enabled { get; set; }

    /// <summary>Origins of pages that may connect, as <c>https://tool.example:8443</c>. The console's own, called by IP address or <c>localhost</c>, always may; called by a name it has to be listed, because any name can be made to lead here.</summary>
    public string[]? Origins { get; set; }
}
