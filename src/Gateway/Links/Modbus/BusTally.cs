using Gateway.Diagnostics;

namespace Gateway.Links.Modbus;

/// <summary>Everything counted on one bus. <b>Threading:</b> written by the bus's thread, read from any.</summary>
internal sealed class BusTally(ModbusBusOptions options, GatewayClock clock, long origin)
{
    private const int WindowSeconds = 60;

    private readonly Lock _gate = new();
    private readonly UnitTally[] _units = [.. options.Units.Select(unit => new UnitTally(unit))];
    private readonly long[] _failures = new long[Enum.GetValues<ModbusFailure>().Length];
    private readonly (long Second, TimeSpan Busy)[] _busy = new (long, TimeSpan)[WindowSeconds];
    private readonly SortedSet<int> _strangers = [];
    private readonly double _cycleMs = Math.Round(BusReckoning.Of(options).Usual.TotalMilliseconds, 1);
    private long _requests;
    private long _replies;
    private long _probes;
    private long _portLosses;
    private long _discardedBytes;
    private long _echoes;
    private bool _isOpen;
    private long _sinceMs;
    private string? _lastError;

    public long Requests => Read(ref _requests);

    public long Replies => Read(ref _replies);

    public long Probes => Read(ref _probes);

    public long PortLosses => Read(ref _portLosses);

    public long DiscardedBytes => Read(ref _discardedBytes);

    public long Echoes => Read(ref _echoes);

    private TimeSpan Now => clock.Time.GetElapsedTime(origin);

    public long FailuresBy(ModbusFailure reason) => Read(ref _failures[(int)reason]);

    public void Opened()
    {
        lock (_gate) (_isOpen, _sinceMs) = (true, clock.NowMs());
    }

    /// <param name="again">It was lost already; only the reason is another.</param>
    public void Lost(string reason, bool again)
    {
        lock (_gate)
        {
            _lastError = reason;
            if (again) return;
            (_isOpen, _sinceMs, _portLosses) = (false, clock.NowMs(), _portLosses + 1);
        }
    }

    public void Asked(int unit, bool isProbe)
    {
        lock (_gate)
        {
            _requests++;
            if (isProbe) _probes++;
            _units[unit].Asked();
        }
    }

    public void Answered(int unit)
    {
        lock (_gate)
        {
            _replies++;
            _units[unit].Answered(Now);
        }
    }

    public void Failed(int unit, ModbusFailure reason)
    {
        lock (_gate)
        {
            _failures[(int)reason]++;
            _units[unit].Failed(reason, Now);
        }
    }

    public void State(int unit, string state)
    {
        lock (_gate) _units[unit].State = state;
    }

    /// <summary>A request was under way for that long, until now.</summary>
    public void Busy(TimeSpan duration)
    {
        lock (_gate)
        {
            var end = Now;
            for (var left = duration; left > TimeSpan.Zero;)
            {
                long second = (long)end.TotalSeconds;
                var inSecond = end - TimeSpan.FromSeconds(second);
                var part = inSecond > TimeSpan.Zero && inSecond < left ? inSecond : left;
                ref var slot = ref _busy[second % WindowSeconds];
                if (slot.Second != second) slot = (second, TimeSpan.Zero);
                slot.Busy += part;
                (left, end) = (left - part, end - part - TimeSpan.FromTicks(1));
            }
        }
    }

    public void Echoed()
    {
        lock (_gate) _echoes++;
    }

    public void Discarded(int bytes)
    {
        lock (_gate) _discardedBytes += bytes;
    }

    /// <summary>An intact reply that belongs to no request.</summary>
    /// <param name="isSecondReply">Of the unit just asked, to what it had answered, and with other words.</param>
    public void Unasked(byte address, bool isSecondReply)
    {
        lock (_gate)
        {
            int unit = IndexOf(address);
            if (unit < 0) _strangers.Add(address);
            else if (isSecondReply) _units[unit].SecondReply(Now);
            else _units[unit].Unasked(Now);
        }
    }

    public BusStatus Status()
    {
        lock (_gate)
        {
            var now = Now;
            return new BusStatus(options.BusId, "modbus", options.Where, options.Baud, options.Framing.ToString(), _isOpen, _sinceMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_sinceMs), _lastError, Utilisation(now),
                _cycleMs, _requests, _replies, _echoes, FailureWords.Of(_failures), [.. _units.Select(unit => unit.Status(now))], [.. _strangers]);
        }
    }

    private double Utilisation(TimeSpan now)
    {
        long second = (long)now.TotalSeconds;
        var busy = _busy.Where(slot => slot.Second > second - WindowSeconds).Aggregate(TimeSpan.Zero, (sum, slot) => sum + slot.Busy);
        double window = Math.Min(now.TotalSeconds, WindowSeconds);
        return window <= 0 ? 0 : Math.Round(Math.Clamp(busy.TotalSeconds / window, 0, 1), 3);
    }

    private int IndexOf(byte address)
    {
        for (int i = 0; i < options.Units.Count; i++)
            if (options.Units[i].Address == address) return i;
        return -1;
    }

    private long Read(ref long counter)
    {
        lock (_gate) return counter;
    }
}
