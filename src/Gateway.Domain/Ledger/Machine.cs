using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>A machine of the site: what a safety device watches over and an operator needs a certificate for.</summary>
public sealed record Machine(string Id, LocalText Name, MachineType Type)
{
    /// <summary>Number of its use registration (使用登记); null = not registered yet.</summary>
    public string? Registration { get; init; }

    /// <summary>Number of its ownership filing (产权备案).</summary>
    public string? Filing { get; init; }

    public string? Model { get; init; }

    public string? Maker { get; init; }

    /// <summary>Id of the enterprise that owns it.</summary>
    public string? Owner { get; init; }

    /// <summary>Id of the enterprise that lets it.</summary>
    public string? Lessor { get; init; }

    /// <summary>Where a tower crane stands and how far it reaches; null where nobody has said.</summary>
    public CraneGeometry? Geometry { get; init; }

    /// <summary>Whether a safety device of that kind can be its own. What only hangs on it (wind, camera) always can.</summary>
    public bool Carries(string deviceKind) => deviceKind switch
    {
        "crane" => Type is MachineType.TowerCrane or MachineType.Other,
        "hoist" => Type is MachineType.Hoist or MachineType.MaterialHoist or MachineType.Other,
        _ => true,
    };
}

/// <summary>Types of machine that must be registered; words in <see cref="LedgerWords.MachineTypes"/>.</summary>
public enum MachineType : byte { TowerCrane, Hoist, MaterialHoist, Piling, Other }

/// <summary>A tower crane in the site's own plane.</summary>
/// <param name="X">Of the mast's axis, m, to the east of the site's origin.</param>
/// <param name="Y">Of the mast's axis, m, to the north of the site's origin.</param>
/// <param name="BaseHeightM">Of its foot above the site's zero, m; negative in a pit.</param>
/// <param name="HeightM">Of the jib above its foot, m.</param>
/// <param name="JibM">From the axis to the jib's end, m.</param>
/// <param name="CounterJibM">From the axis to the counter-jib's end, m.</param>
/// <param name="SlewOffsetDeg">What is added to the device's slew angle so that 0 is north, degrees, clockwise.</param>
public sealed record CraneGeometry(double X, double Y, double BaseHeightM, double HeightM, double JibM, double CounterJibM, double SlewOffsetDeg);
