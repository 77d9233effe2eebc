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

    /// <summary><c>influxdb-v2</c>, <c>influxdb-v1</c> or <c>victoria-metrics</c>.</summary>
    [Required]
    public string Kind { get; set; } = "influxdb-v2";

    /// <summary>Base address, as <c>http://127.0.0.1:8086</c>.</summary>
    [Required]
    public string Url { get; set; } = "";

    /// <summary>v2: organisation.</summary>
    public string? Org { get; set; }

    /// <summary>v2: bucket.</summary>
    public string? Bucket { get; set; }

    /// <summary>v1: database.</summary>
    public string? Database { get; set; }

    /// <summary>v1: user name for basic authentication.</summary>
    public string? User { get; set; }

    /// <summary>v2: API token; v1: password. Better in <see cref="TokenFile"/> or the environment.</summary>
    public string? Token { get; set; }

    /// <summary>File that holds the token; read at each start.</summary>
    public string? TokenFile { get; set; }

    /// <summary>How long a batch waits for company, ms. Default 20.</summary>
    [Range(0, 60_000)]
    public int LingerMs { get; set; } = 20;

    /// <summary>Lines in one request. Default 5 000, what the stores recommend.</summary>
    [Range(1, 100_000)]
    public int BatchLines { get; set; } = 5_000;

    /// <summary>Time for one request, seconds. Default 15.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;
}
