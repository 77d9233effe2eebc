namespace Gateway.Links.Modbus;

/// <summary>One request that is due: indices into the bus's units and the unit's blocks.</summary>
internal readonly record struct BusTurn(int Unit, int Block, bool IsProbe);

/// <summary>What a report did to a unit's standing.</summary>
internal enum UnitChange
{
    None,

    /// <summary>Three failures in a row: from now on only probed.</summary>
    Died,

    /// <summary>A dead unit answered: asked in its period again.</summary>
    Recovered,
}
