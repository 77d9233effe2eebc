namespace Gateway.Links.Modbus;

/// <summary>Counters since the bus was made; safe to read from any thread.</summary>
public sealed partial class ModbusBus
{
    private readonly long[] _failures = new long[Enum.GetValues<ModbusFailure>().Length];
    private long _requests;
    private long _replies;
    private long _probes;
    private long _portLosses;
    private long _discardedBytes;

    /// <summary>Requests sent, probes included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests answered with data.</summary>
    public long Replies => Interlocked.Read(ref _replies);

    /// <summary>Requests to dead units.</summary>
    public long Probes => Interlocked.Read(ref _probes);

    /// <summary>Times the port went away or was missing at the start.</summary>
    public long PortLosses => Interlocked.Read(ref _portLosses);

    /// <summary>Bytes received that belonged to no answer.</summary>
    public long DiscardedBytes => Interlocked.Read(ref _discardedBytes);

    public long Timeouts => FailuresBy(ModbusFailure.Timeout);

    public long NoiseFailures => FailuresBy(ModbusFailure.Noise);

    public long ForeignReplies => FailuresBy(ModbusFailure.Foreign);

    public long WrongByteCounts => FailuresBy(ModbusFailure.WrongByteCount);

    public long IncompleteReplies => FailuresBy(ModbusFailure.Incomplete);

    public long BadCrcs => FailuresBy(ModbusFailure.BadCrc);

    public long Exceptions => FailuresBy(ModbusFailure.Exception);

    /// <summary>Requests that failed for that reason.</summary>
    public long FailuresBy(ModbusFailure reason) => Interlocked.Read(ref _failures[(int)reason]);
}
