using System.ComponentModel.DataAnnotations;
using Gateway.Domain.Patrol;

namespace Gateway.Patrol;

/// <summary>Section <c>Patrol</c>: what is looked at remotely each day (非接触式巡查).</summary>
public sealed class PatrolOptions
{
    /// <summary>Whether a list is drawn at all. Default yes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Cameras drawn each day. Default 5.</summary>
    [Range(0, 1_000)]
    public int CamerasPerDay { get; set; } = 5;

    /// <summary>Other devices drawn each day. Default 5.</summary>
    [Range(0, 1_000)]
    public int DevicesPerDay { get; set; } = 5;

    /// <summary>Nobody stays unlooked at longer, days. Default 7: once a week.</summary>
    [Range(1, 365)]
    public int EveryDays { get; set; } = 7;

    /// <summary>When the day's list is drawn, on the site's clocks. Default 08:00, before the first shift has settled.</summary>
    [RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "expected a time of day from 00:00 to 23:59")]
    public string At { get; set; } = "08:00";

    public PatrolPolicy Policy => new(CamerasPerDay, DevicesPerDay, EveryDays);

    public TimeOnly Time => TimeOnly.ParseExact(At, "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
