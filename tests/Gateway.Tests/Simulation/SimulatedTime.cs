namespace Gateway.Tests.Simulation;

/// <summary>Time that moves only from one thing due to the next. Timers are the gateway's and end with its process; what the world has under way goes on.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 5, 10, 0, 0, TimeSpan.FromHours(8));

    private readonly PriorityQueue<(Action What, int Life), (long Ticks, long Number)> _due = new();
    private long _ticks = TimeSpan.TicksPerDay;
    private long _number;
    private int _life = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_ticks - TimeSpan.TicksPerDay);

    /// <summary>Something of the world: it happens whatever becomes of the gateway.</summary>
    public void In(double ms, Action what) => Enqueue(what, TimeSpan.FromMilliseconds(ms), life: 0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The gateway's process is gone, and its timers with it.</summary>
    public void ProcessEnded() => _life++;

    public long After(double ms) => _ticks + TimeSpan.FromMilliseconds(ms).Ticks;

    /// <summary>Lets the next thing happen that is due by then.</summary>
    /// <returns>False when there is none; then it is that time.</returns>
    public bool Step(long untilTicks)
    {
        while (_due.TryPeek(out var next, out var at) && at.Ticks <= untilTicks)
        {
            _due.Dequeue();
            if (next.Life != 0 && next.Life != _life) continue;
            _ticks = Math.Max(_ticks, at.Ticks);
            next.What();
            return true;
        }
        _ticks = Math.Max(_ticks, untilTicks);
        return false;
    }

    private void Enqueue(Action what, TimeSpan delay, int life) => _due.Enqueue((what, life), (_ticks + Math.Max(0, delay.Ticks), _number++));

    private sealed class Timer(SimulatedTime time, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan) time.Enqueue(() => Fire(setting, period), dueTime, time._life);
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int setting, TimeSpan period)
        {
            if (setting != _setting) return;
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero) Change(period, period);
            callback();
        }
    }
}
