using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Modbus;

/// <summary>The Modbus master of one bus, on one thread of its own.</summary>
/// <remarks>
/// Opens the port or connects to the converter, asks the units as <see cref="BusSchedule"/> says, and opens again every 500 ms (a converter: up to 5 s) while it is away.
/// <b>Errors:</b> options that cannot work throw in the constructor; everything the world does goes to the observer, the counters and, when it changes, the log.
/// <b>Threading:</b> start, stop and dispose from one thread; counters, status and writes from any; the observer is called on the bus's thread.
/// </remarks>
public sealed partial class ModbusBus : IDisposable
{
    private static readonly TimeSpan s_reopenEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_reconnectMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_disposeLimit = TimeSpan.FromSeconds(2);

    private readonly ModbusBusOptions _options;
    private readonly IModbusBusObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger<ModbusBus> _logger;
    private readonly BusTiming _timing;
    private readonly BusSchedule _schedule;
    private readonly List<ModbusPlannedRead>[] _plans;
    private readonly BusTally _tally;
    private readonly LineTrace _trace;
    private readonly WriteQueue _writes;
    private readonly StopSignal _stop = new();
    private readonly long _origin;
    private Thread? _thread;
    private SerialFaultKind? _lostBecause;
    private TimeSpan _retryAfter = s_reopenEvery;

    public ModbusBus(ModbusBusOptions options, IModbusBusObserver observer, GatewayClock clock, FrameRing frames, ILogger<ModbusBus> logger)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ModbusBusCheck.Check(options);
        (_options, _observer, _time, _logger) = (options, observer, clock.Time, logger);
        _timing = new(options.Baud, options.Framing, options.Tcp);
        _plans = [.. options.Units.Select(unit => ModbusReadPlan.Of(unit.Blocks, _timing))];
        _origin = _time.GetTimestamp();
        _schedule = new(options.Units, [.. _plans.Select(plan => plan.Count)], _timing, TimeSpan.Zero);
        _tally = new(options, clock, _origin);
        _trace = new(frames, _tally, clock, options.Tcp);
        _writes = new(_time);
    }

    public string Id => _options.BusId;

    /// <summary>What it was made of.</summary>
    public ModbusBusOptions Options => _options;

    public void Start()
    {
        if (_thread is not null) throw new InvalidOperationException($"bus {_options.BusId} was started before");
        _thread = new Thread(Run) { IsBackground = true, Name = $"modbus {_options.BusId}" };
        _thread.Start();
    }

    /// <summary>Ends a request under way and closes the port; returns when that is done or the limit is over.</summary>
    public void Stop(TimeSpan limit)
    {
        if (_stop.IsSet) return;
        _stop.Set();
        if (_thread?.Join(limit) == false) LogStopTimedOut(_options.BusId, limit);
    }

    /// <summary>Writes into a unit, ahead of the reads, once the line has shown by an answered read whether it echoes.</summary>
    /// <param name="within">The longest it may wait for its turn.</param>
    public Task<ModbusWriteOutcome> WriteAsync(string deviceId, ModbusWrite write, TimeSpan within)
    {
        for (int i = 0; i < _options.Units.Count; i++)
            if (_options.Units[i].DeviceId == deviceId) return _writes.Add(i, write, within, _stop.Nudge);
        return Task.FromResult(ModbusWriteOutcome.NoSuchDevice);
    }

    public void Dispose()
    {
        Stop(s_disposeLimit);
        if (_thread is null or { IsAlive: false }) _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            if (_options.TryOpen(_time, _stop, out var channel, out var fault))
            {
                using (channel) fault = Serve(channel);
                _writes.Open(false);
            }
            // What a stop interrupted is no loss.
            if (fault is null || _stop.IsSet) return;
            OnLost(fault);
            for (var left = _time.GetTimestamp(); _retryAfter - _time.GetElapsedTime(left) is var rest && rest > TimeSpan.Zero && !_stop.Wait(rest);) { }
            if (_options.Host is not null) _retryAfter = _retryAfter * 2 < s_reconnectMax ? _retryAfter * 2 : s_reconnectMax;
        }
    }

    /// <summary>Asks until the port is lost (then why) or the bus is to stop (then null).</summary>
    private SerialFault? Serve(IModbusChannel channel)
    {
        OnOpened();
        var line = new ModbusLine(channel, _timing, _options.Tcp, _stop, _time, _origin, _trace, () => _writes.Any);
        _schedule.Restart(line.Now);
        while (true)
        {
            var ended = Next(line);
            if (ended.Kind == ModbusAnswerKind.Stopped) return null;
            if (ended.Kind == ModbusAnswerKind.PortLost) return ended.Fault;
        }
    }

    /// <summary>A write first; else the read that is due; else listening until one is.</summary>
    private ModbusAnswer Next(ModbusLine line)
    {
        // RTU confirms some writes in the request's own words: until it is known whether the line echoes, a read comes first.
        if ((_options.Tcp || line.Echoes is not null) && _writes.Take() is { } write) return Write(line, write);
        return _schedule.TryTake(line.Now, out var turn, out var nextAt) ? Ask(line, turn) : line.Listen(nextAt);
    }

    private void OnOpened()
    {
        (_lostBecause, _retryAfter) = (null, s_reopenEvery);
        _tally.Opened();
        _writes.Open(true);
        LogPortOpened(_options.BusId, _options.Where, _options.Baud, _options.Framing);
        _observer.PortOpened(_options.BusId);
    }

    private void OnLost(SerialFault fault)
    {
        _tally.Lost(fault.Reason, again: _lostBecause is not null);
        if (_lostBecause is null)
        {
            LogPortLost(_options.BusId, fault.Reason, (int)_retryAfter.TotalMilliseconds);
            _observer.PortLost(_options.BusId, fault.Reason);
        }
        else if (_lostBecause != fault.Kind && _lostBecause != SerialFaultKind.Lost)
        {
            LogReasonChanged(_options.BusId, fault.Reason);
        }
        _lostBecause = fault.Kind;
    }
}
