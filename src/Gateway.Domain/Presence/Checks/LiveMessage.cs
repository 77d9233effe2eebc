using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>One live message as checks see it: the device's newest values, of which those received at <see cref="AtMs"/> came with it.</summary>
/// <remarks><b>Shape</b>: the three spans are indexed by slot of the device's profile. <b>Units</b>: times are ms; <see cref="MeasuredAtMs"/> is 0 when the device tells none.</remarks>
public readonly ref struct LiveMessage(ReadOnlySpan<double> values, ReadOnlySpan<SampleQuality> qualities, ReadOnlySpan<long> receivedAtMs, long atMs, long measuredAtMs)
{
    private readonly ReadOnlySpan<double> _values = values;
    private readonly ReadOnlySpan<SampleQuality> _qualities = qualities;
    private readonly ReadOnlySpan<long> _receivedAtMs = receivedAtMs;

    public long AtMs { get; } = atMs;

    public long MeasuredAtMs { get; } = measuredAtMs;

    /// <summary>The field came with this message, believed or not.</summary>
    public bool Carries(int slot) => _receivedAtMs[slot] == AtMs;

    public SampleQuality QualityOf(int slot) => _qualities[slot];

    public double ValueOf(int slot) => _values[slot];

    /// <summary>The field came with this message and is good.</summary>
    public bool Good(int slot, out double value)
    {
        value = _values[slot];
        return _receivedAtMs[slot] == AtMs && _qualities[slot] == SampleQuality.Good;
    }

    /// <summary>Whether sameness proves nothing now; what is not known cannot prove that the machine moves.</summary>
    public bool IsAtRest(AtRest? rest) =>
        rest is not null && (_receivedAtMs[rest.Slot] == 0 || _qualities[rest.Slot] != SampleQuality.Good || _values[rest.Slot] < rest.Below);
}
