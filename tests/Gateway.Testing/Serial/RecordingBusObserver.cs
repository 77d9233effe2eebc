using Gateway.Links.Modbus;

namespace Gateway.Testing.Serial;

/// <summary>One thing a bus told; <see cref="What"/> is opened, lost, answered or failed.</summary>
public sealed record BusEvent(string What, string BusId)
{
    public string DeviceId { get; init; } = "";
    public string Reason { get; init; } = "";
    public byte[] Registers { get; init; } = [];
    public ushort Address { get; init; }
    public int ExceptionCode { get; init; }
    public ModbusFailure? Failure { get; init; }
    public long Timestamp { get; init; }
}

/// <summary>Keeps everything a bus tells and lets a test wait for it.</summary>
public sealed class RecordingBusObserver : IModbusBusObserver
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly List<BusEvent> _events = [];

    public IReadOnlyList<BusEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public int Count(string what) => Events.Count(entry => entry.What == what);

    /// <summary>Waits until what was told satisfies the condition; throws with everything told when it does not in time.</summary>
    public IReadOnlyList<BusEvent> WaitFor(Func<IReadOnlyList<BusEvent>, bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        lock (_events)
        {
            while (!condition(_events))
            {
                var left = s_patience - TimeProvider.System.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_events, left))
                    throw new TimeoutException("waited in vain; told so far:\n" + string.Join('\n', _events.TakeLast(40)));
            }

            return [.. _events];
        }
    }

    public void PortOpened(string busId) => Add(new("opened", busId));

    public void PortLost(string busId, string reason) => Add(new("lost", busId) { Reason = reason });

    public void Answered(string busId, ModbusUnit unit, ModbusReadBlock block, ReadOnlySpan<byte> registerBytes, long receivedTimestamp) =>
        Add(new("answered", busId)
        {
            DeviceId = unit.DeviceId,
            Address = block.Address,
            Registers = registerBytes.ToArray(),
            Timestamp = receivedTimestamp,
        });

    public void Failed(string busId, ModbusUnit unit, ModbusFailure reason, int exceptionCode) =>
        Add(new("failed", busId) { DeviceId = unit.DeviceId, Failure = reason, ExceptionCode = exceptionCode });

    private void Add(BusEvent entry)
    {
        lock (_events)
        {
            _events.Add(entry);
            Monitor.PulseAll(_events);
        }
    }
}
