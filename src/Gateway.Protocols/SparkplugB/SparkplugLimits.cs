namespace Gateway.Protocols.SparkplugB;

/// <summary>How much of Sparkplug B is read: the standard sets no limits, so a hostile message would.</summary>
public static class SparkplugLimits
{
    /// <summary>Longest Group, Edge Node, Device or Host ID, bytes of UTF-8.</summary>
    public const int IdBytesMax = 128;

    /// <summary>Longest metric name, bytes.</summary>
    public const int NameBytesMax = 512;

    /// <summary>Metrics in one payload, unless the reader is made with another number.</summary>
    public const int MetricsMax = 2_000;

    /// <summary>Highest <c>seq</c> and <c>bdSeq</c>; after it comes 0 [tck-id-payloads-sequence-num-incrementing].</summary>
    public const int SeqMax = 255;
}
