namespace Gateway.Domain.Readings;

/// <summary>One decoded message of one device: what the engine sees.</summary>
/// <remarks>
/// <b>Units</b>: times are milliseconds of Unix time. <b>Shape</b>: samples are <c>Samples[FirstSample .. FirstSample + SampleCount]</c> of the batch
/// that carries the reading; they are valid until the batch is handed back.
/// </remarks>
public struct Reading
{
    /// <summary>Index in the device directory; at or above the number of registered devices it is an unregistered one.</summary>
    public int Device { get; set; }
    public int FirstSample { get; set; }
    public int SampleCount { get; set; }
    public ReadingKind Kind { get; set; }
    public ReadingFlags Flags { get; set; }
    /// <summary>Length of the interval an <see cref="ReadingKind.Aggregate"/> is about, minutes; 0 for anything else.</summary>
    public ushort SpanMinutes { get; set; }
    /// <summary>What the device says, 0 when it says nothing.</summary>
    public long MeasuredAtMs { get; set; }
    /// <summary>When we had it whole, on the gateway's own timeline (monotonic, anchored to civil time at boot).</summary>
    public long ReceivedAtMs { get; set; }
    /// <summary>Time of its point in the store, microseconds of Unix time: device time where it can be believed, and unique within the device's series.</summary>
    public long PointAtUs { get; set; }
}

/// <summary>What a message claims to be; the profile says which kind proves life.</summary>
public enum ReadingKind : byte
{
    Measurement,
    Heartbeat,
    /// <summary>Something the device reports out of turn; stored and judged, but it does not prove the regular measurement.</summary>
    Event,
    /// <summary>A mean or extreme over an interval (HJ 212 2051, 2061, 2031); stored apart, never judged, never life.</summary>
    Aggregate,
    /// <summary>A device's own word on its connection; never proves life.</summary>
    Status,
}

[Flags]
public enum ReadingFlags : byte
{
    None = 0,
    /// <summary>An MQTT retained message handed over at subscription: it may be days old and is not life.</summary>
    Retained = 1,
    /// <summary>Recovered later by the device itself; repairs the record, not the online time.</summary>
    Backfill = 2,
    /// <summary>The logger answers but says that every instrument behind it is broken (HJ 212 flag B).</summary>
    InstrumentBroken = 4,
    /// <summary>Read again from the store after a crash: it was judged by nobody yet, but its time is over.</summary>
    Replayed = 8,
}
