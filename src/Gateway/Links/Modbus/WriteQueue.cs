namespace Gateway.Links.Modbus;

/// <summary>Writes that wait for their turn on a bus, ahead of all reads. <b>Threading:</b> any; one bus takes.</summary>
internal sealed class WriteQueue(TimeProvider time)
{
    /// <summary>A write takes about 30 ms of bus time at 9600 bit/s; who has more at once has a programming error.</summary>
    public const int WaitingMax = 16;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private bool _isOpen;

    public bool Any
    {
        get
        {
            lock (_gate) return _waiting.Count > 0;
        }
    }

    /// <summary>Accepts writes from now on, or none any more; those that wait were then not sent.</summary>
    public void Open(bool isOpen)
    {
        lock (_gate)
        {
            _isOpen = isOpen;
            while (!isOpen && _waiting.TryDequeue(out var entry)) entry.Done.SetResult(ModbusWriteOutcome.NotSent);
        }
    }

    /// <param name="within">When it was not sent until then, it is not sent at all.</param>
    /// <param name="wake">Called while the queue cannot be closed.</param>
    public Task<ModbusWriteOutcome> Add(int unit, ModbusWrite write, TimeSpan within, Action wake)
    {
        lock (_gate)
        {
            if (!_isOpen || _waiting.Count >= WaitingMax) return Task.FromResult(ModbusWriteOutcome.NotSent);
            var entry = new Entry(unit, write, time.GetTimestamp(), within);
            _waiting.Enqueue(entry);
            wake();
            return entry.Done.Task;
        }
    }

    /// <summary>The next write whose time is not over; null when there is none.</summary>
    public Entry? Take()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var entry))
            {
                if (time.GetElapsedTime(entry.AddedAt) < entry.Within) return entry;
                entry.Done.SetResult(ModbusWriteOutcome.NotSent);
            }
            return null;
        }
    }

    internal sealed record Entry(int Unit, ModbusWrite Write, long AddedAt, TimeSpan Within)
    {
        // Whoever waits goes on elsewhere: the bus has other units to ask.
        public TaskCompletionSource<ModbusWriteOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
