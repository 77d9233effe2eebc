using System.ComponentModel.DataAnnotations;

namespace Gateway.Links.Hj212;

/// <summary>Section <c>Hj212</c>: the TCP listener for data loggers that speak HJ 212.</summary>
public sealed class Hj212Options
{
    /// <summary>Off where a site has no such logger. Default on.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IP address to listen on. Default loopback; HJ 212 knows no sign-in worth the name, so open it to the loggers' network only.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port. Default 9212.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 9212;

    /// <summary>Connections at once. Default 500.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 500;

    /// <summary>A connection without a byte for so long is closed, seconds. Default 600: loggers report at least every few minutes.</summary>
    [Range(10, 86_400)]
    public int IdleTimeoutSeconds { get; set; } = 600;

    /// <summary>A registered logger's clock is set (CN 1012) when it is off by more than a minute in three messages, at most once an hour, or when it asks (1013). Default on; off where another platform sets it.</summary>
    public bool SetTime { get; set; } = true;

    /// <summary>How far back a device's history is recalled (CN 2051, 2061, 2031) after an outage, days; 0 = never. Default 7: a week without power or gateway is the longest that is usual.</summary>
    [Range(0, 365)]
    public int RecallDaysMax { get; set; } = 7;
}
