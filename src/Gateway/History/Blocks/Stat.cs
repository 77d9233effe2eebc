namespace Gateway.History.Blocks;

/// <summary>What a column holds of its field. Numbers are those of the file.</summary>
internal enum Stat : byte
{
    /// <summary>Raw rows: the value itself.</summary>
    Value = 0,
    Min = 1,
    Max = 2,
    /// <summary>The newest value of the interval.</summary>
    Last = 3,
    /// <summary>The sum, not the mean: sums of parts add up exactly.</summary>
    Sum = 4,
    Count = 5,
}

/// <summary>What is to be known of a row besides its values.</summary>
[Flags]
internal enum RowFlags : byte
{
    None = 0,
    /// <summary>Recovered later by the device itself.</summary>
    Backfill = 1,
    /// <summary>An MQTT retained message: its time is that of receipt.</summary>
    Retained = 2,
    /// <summary>At least one value of the message was not believed (bad, out of range); it is a hole here.</summary>
    NotBelieved = 4,
}
