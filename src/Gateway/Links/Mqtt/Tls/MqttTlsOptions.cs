using System.ComponentModel.DataAnnotations;

namespace Gateway.Links.Mqtt.Tls;

/// <summary>Section <c>Mqtt.Tls</c>: the listener for MQTT over TLS 1.2 or 1.3. The files are PEM; a changed one is taken up while the gateway runs.</summary>
public sealed class MqttTlsOptions
{
    /// <summary>Default off: it needs a certificate.</summary>
    public bool Enabled { get; set; }

    /// <summary>IP address to listen on. Default loopback.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port. Default 8883, IANA's for MQTT over TLS.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8883;

    /// <summary>The server's certificate, followed by those between it and its root: all of them are sent.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its private key, not encrypted. Default: it stands in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The authorities client certificates are verified against; nothing else is trusted. Default none: clients are not asked for a certificate.</summary>
    public string? ClientCaFile { get; set; }

    /// <summary>Whether a client without a verified certificate is turned away at the handshake. Default no: it may sign in with a password.</summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>Time for a handshake, seconds. Default 10.</summary>
    [Range(1, 60)]
    public int HandshakeTimeoutSeconds { get; set; } = 10;
}
