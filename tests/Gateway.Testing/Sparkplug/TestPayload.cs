namespace Gateway.Testing.Sparkplug;

/// <summary>Payloads as edge nodes write them.</summary>
public static class TestPayload
{
    /// <param name="atMs">0 = none.</param>
    /// <param name="seq">Null = none.</param>
    public static byte[] Of(long atMs, ulong? seq, params ReadOnlySpan<TestMetric> metrics)
    {
        var to = new WireBytes();
        if (atMs != 0) to.Varint(1, (ulong)atMs);
        foreach (var metric in metrics) to.Bytes(2, metric.ToBytes());
        if (seq is { } number) to.Varint(3, number);
        return to.ToArray();
    }

    /// <summary>With what every NBIRTH must have.</summary>
    public static byte[] NodeBirth(long atMs, ulong seq, ulong bdSeq, params ReadOnlySpan<TestMetric> metrics) =>
        Of(atMs, seq, [TestMetric.Long("bdSeq", bdSeq).At(atMs), TestMetric.Bool("Node Control/Rebirth", false).At(atMs), .. metrics]);

    public static byte[] NodeDeath(ulong bdSeq) => Of(0, null, TestMetric.Long("bdSeq", bdSeq));
}
