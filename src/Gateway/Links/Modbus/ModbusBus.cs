using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Modbus;

/// <summary>The Modbus RTU master of one bus, on one thread of its own.</summary>
/// <remarks>
/// Opens the port, asks the units as <see cref="BusSchedule"/> says, and opens the port again every 500 ms while it is away.
/// <b>Errors:</b> options that cannot work throw in the constructor; everything the world does goes to the observer, the counters and, when it changes, the log.
/// <b>Threading:</b> start, stop and dispose from one thread; counters from any; the observer is called on the bus's thread.
/// </remarks>
public sealed partial class ModbusBus : IDisposable
{
    private static readonly TimeSpan s_reopenEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_disposeLimit = TimeSpan.FromSeconds(2);

    private readonly ModbusBusOptions _options;
    private readonly IModbusBusObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger<ModbusBus> _logger;
    private readonly BusTiming _timing;
    private readonly BusSchedule _schedule;
    private readonly ModbusRequest[][] _requestsOfUnits;
    private readonly StopSignal _stop = new();
    private readonly long _origin;
    private Thread? _thread;
    private SerialFaultKind? _lostBecause;

    public ModbusBus(ModbusBusOptions options, IModbusBusObserver observer, TimeProvider time, ILogger<ModbusBus> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        ModbusBusCheck.Check(options);
        _options = options;
        _observer = observer;
        _time = time;
        _logger = logger;
        _timing = new(options.Baud, options.Framing);
        _requestsOfUnits = [.. options.Units.Select(unit => unit.Blocks.Select(block => RequestFor(unit, block)).ToArray())];
        _origin = time.GetTimestamp();
        _schedule = new(options.Units, _timing, TimeSpan.Zero);
    }

    public void Start()
    {
        if (_thread is not null)
            throw new InvalidOperationException($"bus {_options.BusId} was started before");

        _thread = new Thread(Run) { IsBackground = true, Name = $"modbus {_options.BusId}" };
        _thread.Start();
    }

    /// <summary>Ends a request under way and closes the port; returns when that is done or the limit is over.</summary>
    public void Stop(TimeSpan limit)
    {
        if (_stop.IsSet)
            return;

        _stop.Set();
        if (_thread?.Join(limit) == false)
            LogStopTimedOut(_options.BusId, limit);
    }

    public void Dispose()
    {
        Stop(s_disposeLimit);
        if (_thread is null or { IsAlive: false })
            _stop.Dispose();
    }

    private static ModbusRequest RequestFor(ModbusUnit unit, ModbusReadBlock block) =>
        ModbusRequest.Read(unit.Address, block.Function, block.Address, block.Count);

    private void Run()
    {
        var portOptions = new SerialPortOptions(_options.Port, _options.Baud, _options.Framing);
        while (!_stop.IsSet)
        {
            if (SerialPort.TryOpen(portOptions, out var port, out var fault))
            {
                using (port)
                    fault = Serve(port);
            }

            if (fault is null)
                return;

            OnLost(fault);
            _stop.Wait(s_reopenEvery);
        }
    }

    /// <summary>Asks until the port is lost (then why) or the bus is to stop (then null).</summary>
    private SerialFault? Serve(SerialPort port)
    {
        OnOpened();
        var line = new ModbusLine(port, _timing, _stop, _time, _origin);
        _schedule.Restart(line.Now);
        while (true)
        {
            var ended = _schedule.TryTake(line.Now, out var turn, out var nextAt) ? Ask(line, turn) : line.Listen(nextAt);
            Interlocked.Exchange(ref _discardedBytes, line.DiscardedBytes);
            if (ended.Kind == ModbusAnswerKind.Stopped)
                return null;
            if (ended.Kind == ModbusAnswerKind.PortLost)
                return ended.Fault;
        }
    }

    private ModbusAnswer Ask(ModbusLine line, BusTurn turn)
    {
        var unit = _options.Units[turn.Unit];
        Interlocked.Increment(ref _requests);
        if (turn.IsProbe)
            Interlocked.Increment(ref _probes);

        var answer = line.Ask(_requestsOfUnits[turn.Unit][turn.Block], unit.ResponseTimeout);
        if (answer.Kind == ModbusAnswerKind.Data)
            OnData(unit, unit.Blocks[turn.Block], answer, line.Now);
        else if (answer.Kind == ModbusAnswerKind.Failed)
            OnFailed(unit, answer, line.Now);

        return answer;
    }

    private void OnData(ModbusUnit unit, ModbusReadBlock block, ModbusAnswer answer, TimeSpan now)
    {
        Interlocked.Increment(ref _replies);
        OnChange(unit, _schedule.Report(now, answered: true), default);
        _observer.Answered(_options.BusId, unit, block, answer.Data, answer.ReceivedTimestamp);
    }

    private void OnFailed(ModbusUnit unit, ModbusAnswer answer, TimeSpan now)
    {
        Interlocked.Increment(ref _failures[(int)answer.Failure]);
        OnChange(unit, _schedule.Report(now, answered: answer.Failure == ModbusFailure.Exception), answer.Failure);
        _observer.Failed(_options.BusId, unit, answer.Failure, answer.ExceptionCode);
    }

    private void OnChange(ModbusUnit unit, UnitChange change, ModbusFailure reason)
    {
        if (change == UnitChange.Died)
            LogUnitDied(_options.BusId, unit.DeviceId, unit.Address, reason);
        else if (change == UnitChange.Recovered)
            LogUnitRecovered(_options.BusId, unit.DeviceId, unit.Address);
    }

    private void OnOpened()
    {
        _lostBecause = null;
        LogPortOpened(_options.BusId, _options.Port, _options.Baud, _options.Framing);
        _observer.PortOpened(_options.BusId);
    }

    private void OnLost(SerialFault fault)
    {
        if (_lostBecause is null)
        {
            Interlocked.Increment(ref _portLosses);
            LogPortLost(_options.BusId, fault.Reason, (int)s_reopenEvery.TotalMilliseconds);
            _observer.PortLost(_options.BusId, fault.Reason);
        }
        else if (_lostBecause != fault.Kind && _lostBecause != SerialFaultKind.Lost)
        {
            LogReasonChanged(_options.BusId, fault.Reason);
        }

        _lostBecause = fault.Kind;
    }
}
