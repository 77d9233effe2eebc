namespace Gateway.Decoding;

/// <summary>The Sparkplug metrics of a profile.</summary>
public sealed record SparkplugMapping(IReadOnlyList<SparkplugField> Fields)
{
    /// <param name="expected">Where it stood last time, one further: metrics usually come in the same order.</param>
    /// <returns>Index of the field that the metric of this name fills, −1 when the profile does not know it.</returns>
    public int Find(ReadOnlySpan<byte> metric, int expected)
    {
        if ((uint)expected < (uint)Fields.Count && metric.SequenceEqual(Fields[expected].Metric)) return expected;
        for (int i = 0; i < Fields.Count; i++)
            if (metric.SequenceEqual(Fields[i].Metric)) return i;
        return -1;
    }
}

/// <param name="Metric">Name of the metric in UTF-8, folders joined with slashes; case matters.</param>
public sealed record SparkplugField(byte[] Metric, ushort Slot, double Scale, double Offset);
