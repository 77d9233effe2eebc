using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Gateway.Uplink;

/// <summary>Section <c>Uplink</c>: where telemetry and alarms go. Without a target everything stays on this box, within the store's budget.</summary>
public sealed class UplinkOptions
{
    [ValidateEnumeratedItems]
    public IList<UplinkTargetOptions> Targets { get; set; } = [];

    /// <summary>How often compliance, presence and the gateway's own figures are sent, seconds. Default 60.</summary>
    [Range(1, 3600)]
    public int SelfPointsSeconds { get; set; } = 60;
}

/// <summary>One store that takes line protocol.</summary>
public sealed class UplinkTargetOptions
{
    /// <summary>Name of its cursor; a renamed target starts anew.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage = "expected 1 to 64 letters, digits, '-', '_' or '.'")]
    public string Name { get; set; } = "";

    /// <summary>One of <see cref="TargetKind.All"/>.</summary>
    [Required]
    public string Kind { get; set; } = TargetKind.InfluxV2;

    /// <summary>Base address, as <c>http://127.0.0.1:8086</c>.</summary>
    [Required]
    public string Url { get; set; } = "";

    /// <summary>v2: organisation.</summary>
    public string? Org { get; set; }

    /// <summary>v2: bucket.</summary>
    public string? Bucket { get; set; }

    /// <summary>v1 and v3: database.</summary>
    public string? Database { get; set; }

    /// <summary>v1: user name for basic authentication.</summary>
    public string? User { get; set; }

    /// <summary>v2, v3: API token; v1: password. Better in <see cref="TokenFile"/> or the environment.</summary>
    public string? Token { get; set; }

    /// <summary>File that holds the token; looked at again at most once a second and after a 401, so that a token can be replaced while the gateway runs.</summary>
    public string? TokenFile { get; set; }

    /// <summary>HTTP proxy to go through, as <c>http://user@proxy:3128</c>. Default: what the environment says (<c>https_proxy</c>, <c>no_proxy</c>).</summary>
    public string? Proxy { get; set; }

    /// <summary>File that holds the password for <see cref="Proxy"/>; read at the start.</summary>
    public string? ProxyPasswordFile { get; set; }

    /// <summary>PEM bundle of the authorities to trust for this target, instead of the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>How long a batch waits for company, ms. Default 20.</summary>
    [Range(0, 60_000)]
    public int LingerMs { get; set; } = 20;

    /// <summary>Lines in one request. Default 5 000, what the stores recommend.</summary>
    [Range(1, 100_000)]
    public int BatchLines { get; set; } = 5_000;

    /// <summary>Time for one request, seconds. Default 15.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>How long an answered line is held until it counts as settled, seconds; it does when the target has not restarted meanwhile. Default 30: VictoriaMetrics writes to its disk every few seconds.</summary>
    [Range(0, 3600)]
    public int HoldSeconds { get; set; } = 30;

    /// <summary>Lines that wait longer than this become backlog, and live goes on from the tail, seconds. Default 10.</summary>
    [Range(1, 3600)]
    public int LiveLagSeconds { get; set; } = 10;

    /// <summary>Most lines of backlog in one second; 0 = as fast as it goes. Default 20 000: an hour of 1 000 devices in three minutes, and room for live lines on a narrow link.</summary>
    [Range(0, 10_000_000)]
    public int BacklogLinesPerSecond { get; set; } = 20_000;

    /// <summary>How often the target is asked how many points it holds of the hours that are over, minutes; 0 = never. Default 60.</summary>
    [Range(0, 1440)]
    public int ReadBackMinutes { get; set; } = 60;
}
