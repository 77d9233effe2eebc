using System.ComponentModel.DataAnnotations;

namespace Gateway.Service.Composition;

/// <summary>Section <c>Gateway</c>: who this box is and which files describe its site. Paths are relative to the configuration file.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Name of this gateway in the evidence chain, alarm ids and points. Must never change on a running site. Default: the host's name.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage = "expected 1 to 64 letters, digits, '-', '_' or '.'")]
    public string Id { get; set; } = Environment.MachineName;

    /// <summary>Somebody else keeps this machine's time (the host of a virtual machine): the clock is believed without NTP or a hardware clock. Default no.</summary>
    public bool TrustClock { get; set; }

    /// <summary>The site's ledger. Default <c>ledger.json</c> beside the configuration.</summary>
    [Required]
    public string Ledger { get; set; } = "ledger.json";

    /// <summary>Folder of further device profiles; one with the id of a built-in profile replaces it. Default none.</summary>
    public string? Profiles { get; set; }

    /// <summary>Folder of further rule packs; one with the name of a built-in pack replaces it. Default none.</summary>
    public string? Rules { get; set; }
}

/// <summary>Section <c>Console</c>: API and page.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>IP address to listen on. Default loopback; put it behind HTTPS before opening it.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port. Default 8080.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8080;

    /// <summary>Whether reading (never acting) needs no sign-in from this machine itself. Default no.</summary>
    public bool AnonymousRead { get; set; }

    /// <summary>Whether <see cref="AnonymousRead"/> holds for every address, as on a closed site network with a screen on the wall. Default no.</summary>
    public bool AnonymousReadFromAnywhere { get; set; }

    /// <summary>How long a sign-in lasts, hours. Default 12: one shift.</summary>
    [Range(1, 720)]
    public int SessionHours { get; set; } = 12;

    /// <summary>Viewers on the event stream at once. Default 500.</summary>
    [Range(1, 10_000)]
    public int ViewersMax { get; set; } = 500;
}
