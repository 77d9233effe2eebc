namespace Gateway.Links.Modbus;

/// <summary>Counters since the bus was made; safe to read from any thread.</summary>
public sealed partial class ModbusBus
{
    /// <summary>Requests sent, probes included, writes not.</summary>
    public long Requests => _tally.Requests;

    /// <summary>Requests answered with data.</summary>
    public long Replies => _tally.Replies;

    /// <summary>Requests to dead units.</summary>
    public long Probes => _tally.Probes;

    /// <summary>Times the port went away or was missing at the start.</summary>
    public long PortLosses => _tally.PortLosses;

    /// <summary>Bytes received that belonged to no answer, echoes included.</summary>
    public long DiscardedBytes => _tally.DiscardedBytes;

    /// <summary>Our own requests heard again.</summary>
    public long Echoes => _tally.Echoes;

    /// <summary>Requests that failed for that reason.</summary>
    public long FailuresBy(ModbusFailure reason) => _tally.FailuresBy(reason);

    public BusStatus Status() => _tally.Status();
}
