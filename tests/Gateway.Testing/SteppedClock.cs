namespace Gateway.Testing;

/// <summary>Time and timers that move only when a test moves them: a timer fires on the thread that advances the clock, at the moment it is due.</summary>
public sealed class SteppedClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<SteppedTimer> _timers = [];
    private DateTimeOffset _wall = start ?? new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private long _ticks = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _ticks;
    }

    /// <summary>Somebody sets the wall clock: no time passes.</summary>
    public void StepWall(TimeSpan by)
    {
        lock (_gate) _wall += by;
    }

    public void Advance(TimeSpan by)
    {
        long until = GetTimestamp() + by.Ticks;
        while (NextDue(until) is { } timer) timer.Fire();
        MoveTo(until);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    private SteppedTimer? NextDue(long until)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.DueTicks <= until).MinBy(t => t.DueTicks);
            if (next is null) return null;
            MoveTo(next.DueTicks);
            return next;
        }
    }

    private void MoveTo(long ticks)
    {
        lock (_gate)
        {
            long by = Math.Max(0, ticks - _ticks);
            (_wall, _ticks) = (_wall.AddTicks(by), _ticks + by);
        }
    }

    private sealed class SteppedTimer(SteppedClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long DueTicks { get; private set; } = long.MaxValue;

        public void Fire()
        {
            DueTicks = _period > TimeSpan.Zero ? DueTicks + _period.Ticks : long.MaxValue;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            DueTicks = dueTime < TimeSpan.Zero ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
