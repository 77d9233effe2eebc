using System.ComponentModel.DataAnnotations;
using Gateway.Protocols.Mqtt;
using Microsoft.Extensions.Options;

namespace Gateway.Links.MqttClient;

/// <summary>One entry of section <c>Brokers</c>: a broker of somebody else's that devices of the ledger speak through. We are its client.</summary>
public class BrokerOptions
{
    /// <summary>What <c>broker</c> of a ledger device names, and alarms, metrics and logs say.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage = "expected 1 to 64 letters, digits, '-', '_' or '.'")]
    public string Id { get; set; } = "";

    /// <summary>Name or IP address, without a scheme.</summary>
    [Required]
    public string Host { get; set; } = "";

    /// <summary>TCP port. Default 1883, with TLS 8883: IANA's for MQTT.</summary>
    [Range(1, 65_535)]
    public int? Port { get; set; }

    /// <summary><c>3.1.1</c> or <c>5.0</c>. Default 3.1.1: every broker speaks it; 5.0 tells more about what went wrong, and bounds how much comes at once.</summary>
    [RegularExpression(@"^(3\.1\.1|5\.0)$", ErrorMessage = "expected 3.1.1 or 5.0")]
    public string Version { get; set; } = "3.1.1";

    public BrokerTlsOptions Tls { get; set; } = new();

    public string? User { get; set; }

    /// <summary>Better in <see cref="PasswordFile"/> or the environment (<c>Brokers__0__Password</c>).</summary>
    public string? Password { get; set; }

    /// <summary>File that holds the password; read at each connection, white space around it left out.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Names our session on the broker; two clients with one name throw each other out. Default <c>gateway-</c> and <c>Gateway:Id</c>. Empty with 5.0: the broker gives one, and keeps the session only as long as this process lives.</summary>
    public string? ClientId { get; set; }

    /// <summary>What to subscribe to. Default: everything below the topics of the ledger's devices on this broker.</summary>
    [ValidateEnumeratedItems]
    public IList<BrokerTopicOptions> Topics { get; set; } = [];

    /// <summary>How long the broker shall keep our session and what arrives meanwhile, seconds; 5.0 only, with 3.1.1 the broker alone decides. Default 604 800, a week, as our own listener does for its clients.</summary>
    [Range(60, int.MaxValue)]
    public int SessionExpirySeconds { get; set; } = 604_800;

    /// <summary>Seconds of silence after which either end takes the other for dead. Default 30; a 5.0 broker may say another.</summary>
    [Range(4, 65_535)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <summary>Messages of QoS 1 and 2 we hold without an acknowledgement: told to a 5.0 broker, and in any version not read beyond. Default 1 000.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; set; } = 1_000;

    /// <summary>Largest packet, bytes. Default 1 048 576. A larger message is acknowledged unread and counted, or it would come again for ever; a 5.0 broker is told not to send it.</summary>
    [Range(256, 16_777_216)]
    public int PacketBytesMax { get; set; } = 1_048_576;

    /// <summary>Time for the connection, and for each answer during sign-in, seconds. Default 10.</summary>
    [Range(1, 300)]
    public int ConnectTimeoutSeconds { get; set; } = 10;

    internal int PortInUse => Port ?? (Tls.Enabled ? 8883 : 1883);

    internal MqttVersion ProtocolVersion => Version == "5.0" ? MqttVersion.V5 : MqttVersion.V311;

    /// <summary>As people write it; an IPv6 address in brackets.</summary>
    internal string Address => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{PortInUse}" : $"{Host}:{PortInUse}";
}

/// <summary>TLS to a broker. Its certificate is always checked; for one signed by nobody else <see cref="CaFile"/> names that very certificate.</summary>
public sealed class BrokerTlsOptions
{
    /// <summary>Default off.</summary>
    public bool Enabled { get; set; }

    /// <summary>PEM file of the authorities to believe. Default: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file of our own certificate, for brokers that ask for one.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of its private key, without a password.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Name the broker's certificate must bear. Default: <see cref="BrokerOptions.Host"/>.</summary>
    public string? ServerName { get; set; }
}

/// <summary>One subscription.</summary>
public sealed class BrokerTopicOptions
{
    /// <summary>Topic filter with <c>+</c> and <c>#</c>, or <c>$share/{group}/{filter}</c> where several gateways share the work.</summary>
    [Required]
    public string Filter { get; set; } = "";

    /// <summary>Most the broker may use, 0 to 2. Default 1; 0 loses what cannot be delivered at once.</summary>
    [Range(0, 2)]
    public int Qos { get; set; } = 1;
}
