using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Boxes;

/// <summary>Sees from the samples when a lift begins and ends, and keeps its extremes.</summary>
internal sealed class LiftTracker
{
    private const double BeginsAboveT = 0.5;
    private const double EndsBelowT = 0.2;

    private readonly List<CraneSample> _samples = [];
    private DateTime _from;
    private ushort _number;

    /// <returns>The lift that just ended, or null.</returns>
    public LiftRecord? See(DateTime at, CraneSample sample)
    {
        if (_samples.Count == 0 && sample.LoadT < BeginsAboveT) return null;
        if (_samples.Count == 0) _from = at;
        _samples.Add(sample);
        if (sample.LoadT > EndsBelowT) return null;
        var lift = new LiftRecord(++_number, _from, at, [.. _samples]);
        _samples.Clear();
        return lift;
    }
}

/// <summary>One lift from hook to hook.</summary>
internal sealed record LiftRecord(ushort Number, DateTime From, DateTime To, IReadOnlyList<CraneSample> Samples)
{
    public CraneSample First => Samples[0];

    public CraneSample Last => Samples[^1];

    public double MaxLoadT => Samples.Max(s => s.LoadT);

    public double MaxMomentTm => Samples.Max(s => s.LoadT * s.RadiusM);

    public double MaxHeightM => Samples.Max(s => s.HeightM);

    public double MinHeightM => Samples.Min(s => s.HeightM);

    public double MaxRadiusM => Samples.Max(s => s.RadiusM);

    public double MinRadiusM => Samples.Min(s => s.RadiusM);

    public double MaxSlewDeg => Samples.Max(s => s.SlewDeg);

    public double MinSlewDeg => Samples.Min(s => s.SlewDeg);
}
