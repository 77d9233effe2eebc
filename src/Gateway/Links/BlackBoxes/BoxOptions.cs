using System.ComponentModel.DataAnnotations;

namespace Gateway.Links.BlackBoxes;

/// <summary>A TCP listener for black boxes; serial buses are the ledger's.</summary>
public abstract class BoxOptions
{
    /// <summary>Default off: few sites have such boxes.</summary>
    public bool Enabled { get; set; }

    /// <summary>IP address to listen on. Default loopback; these protocols know no sign-in, so open it to the boxes' network only.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Connections at once. Default 500.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 500;

    /// <summary>A connection without a byte for so long is closed, seconds. Default 900: TX101 says something at least every ten minutes.</summary>
    [Range(10, 86_400)]
    public int IdleTimeoutSeconds { get; set; } = 900;

    /// <summary>A connection that has sent no frame after so long is closed, seconds. Default 60: whoever only registers a DTU gets that far.</summary>
    [Range(1, 86_400)]
    public int FirstFrameSeconds { get; set; } = 60;
}

/// <summary>Section <c>Goyo</c>. Default port 9301.</summary>
public sealed class GoyoOptions : BoxOptions
{
    public GoyoOptions() => Port = 9301;
}

/// <summary>Section <c>Tx101</c>. Default port 9302.</summary>
public sealed class Tx101Options : BoxOptions
{
    public Tx101Options() => Port = 9302;
}
