using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>Why a device may be excused.</summary>
/// <param name="NeedsAttachment">It holds only with evidence.</param>
/// <param name="HoursMax">Longest time for this reason, hours; null: the site's general limit alone.</param>
/// <param name="AtItsSensors">Somebody works at the device itself: what it says meanwhile is no alarm. For all other reasons it is: whoever works although work is stopped must be seen.</param>
/// <remarks><b>Source</b>: DOMAIN §5.2, exclusion codes.</remarks>
public sealed record SuspensionReason(string Id, LocalText Name, bool NeedsAttachment = false, int? HoursMax = null, bool AtItsSensors = false)
{
    public const string StopWork = "stop-work";
    public const string Holiday = "holiday";
    public const string Repair = "repair";
    public const string Calibration = "calibration";
    public const string PowerCut = "power-cut";
    public const string Climbing = "climbing";
    public const string Commissioning = "commissioning";
    public const string ForceMajeure = "force-majeure";

    public static IReadOnlyList<SuspensionReason> All { get; } =
    [
        new(StopWork, new("停工", "work stopped")),
        new(Holiday, new("节假日停工", "holiday")),
        new(Repair, new("检修", "maintenance or repair"), AtItsSensors: true),
        new(Calibration, new("校准", "calibration"), AtItsSensors: true),
        new(PowerCut, new("停电", "power cut"), NeedsAttachment: true),
        new(Climbing, new("顶升加节", "climbing")),
        new(Commissioning, new("新装调试", "commissioning"), HoursMax: 24, AtItsSensors: true),
        new(ForceMajeure, new("不可抗力", "force majeure")),
    ];

    /// <summary>The reason of that id, or null.</summary>
    public static SuspensionReason? Find(string? id) => All.FirstOrDefault(r => r.Id == id);
}
