namespace Gateway.Domain.Readings;

/// <summary>What shows that the machine works: any of these signs.</summary>
public sealed record WorkingEvidence(IReadOnlyList<WorkingSign> Any);

/// <summary>One sign, judged on good samples only.</summary>
/// <param name="Limit">Of <see cref="WorkingSignKind.Above"/> and <see cref="WorkingSignKind.Change"/> in the field's unit; of <see cref="WorkingSignKind.Bit"/> the number of the bit.</param>
public sealed record WorkingSign(int Slot, WorkingSignKind Kind, double Limit)
{
    /// <param name="previous">The good sample before it, NaN when there is none.</param>
    public bool Shows(double value, double previous) => Kind switch
    {
        WorkingSignKind.Above => value > Limit,
        // Without a sample before it nothing has changed: a comparison with NaN is false.
        WorkingSignKind.Change => Math.Abs(value - previous) > Limit,
        _ => ((long)value >> (int)Limit & 1) == 1,
    };
}

public enum WorkingSignKind : byte
{
    /// <summary>The field is above the limit.</summary>
    Above,

    /// <summary>The field differs from the sample before by more than the limit: it slews, travels, turns.</summary>
    Change,

    /// <summary>A bit of an integer field is set.</summary>
    Bit,
}
