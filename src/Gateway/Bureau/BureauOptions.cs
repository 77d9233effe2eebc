using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Gateway.Bureau;

/// <summary>Section <c>Bureau[]</c>: a platform of an authority that this gateway reports to over HJ 212, as a data logger does.</summary>
public sealed class BureauOptions
{
    /// <summary>Name of its cursor; a renamed bureau starts anew.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage = "expected 1 to 64 letters, digits, '-', '_' or '.'")]
    public string Name { get; set; } = "";

    /// <summary>Host name or IP address of the platform.</summary>
    [Required]
    public string Host { get; set; } = "";

    /// <summary>TCP port. Default 8888; every bureau has its own.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 8888;

    /// <summary>MN under which devices without one of their own are reported.</summary>
    public string? Mn { get; set; }

    /// <summary>PW of every frame; given out by the bureau. Better in <see cref="PasswordFile"/> or the environment.</summary>
    public string? Password { get; set; }

    /// <summary>File that holds the password; read at the start.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>System type. Default 39, dust of construction sites.</summary>
    [RegularExpression("^[A-Za-z0-9]{2}$", ErrorMessage = "expected two letters or digits")]
    public string St { get; set; } = "39";

    /// <summary>Edition that Flag declares: 2005 or 2017. Default 2017.</summary>
    public int Version { get; set; } = 2017;

    /// <summary>Devices of the ledger that are reported.</summary>
    [ValidateEnumeratedItems]
    public IList<BureauDeviceOptions> Devices { get; set; } = [];

    /// <summary>How often the latest values go out (2011), seconds. Default 60; the bureau may change it (1062).</summary>
    [Range(30, 3600)]
    public int RealtimeSeconds { get; set; } = 60;

    /// <summary>Length of minute data (2051), minutes: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30. Default 10; the bureau may change it (1064).</summary>
    public int MinuteInterval { get; set; } = 10;

    /// <summary>Hours are reported (2061). Default on.</summary>
    public bool HourData { get; set; } = true;

    /// <summary>Days are reported (2031). Default on.</summary>
    public bool DayData { get; set; } = true;

    private const string TargetPrefix = "bureau:";

    internal string Target => TargetOf(Name);

    /// <summary>Under which its cursor stands among the uplink's.</summary>
    public static string TargetOf(string name) => TargetPrefix + name;

    /// <summary>Whether a cursor is a bureau's.</summary>
    public static bool IsTarget(string target) => target.StartsWith(TargetPrefix, StringComparison.Ordinal);
}

/// <summary>One device that is reported.</summary>
public sealed class BureauDeviceOptions
{
    /// <summary>Its id in the ledger.</summary>
    [Required]
    public string Device { get; set; } = "";

    /// <summary>Its MN at the bureau; default the bureau's own <see cref="BureauOptions.Mn"/>.</summary>
    public string? Mn { get; set; }
}
