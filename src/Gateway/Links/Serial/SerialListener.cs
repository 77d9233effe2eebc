using Microsoft.Extensions.Logging;

namespace Gateway.Links.Serial;

/// <summary>A serial port on which devices speak by themselves: hands over what comes, sends what is given to it, comes back after every unplug.</summary>
/// <remarks>
/// Opens the port again every 500 ms while it is away. <b>Errors:</b> everything the world does goes to the talker, the counters and, when it changes, the log.
/// <b>Threading:</b> start, stop and dispose from one thread; <see cref="Send"/> and counters from any; the talker is called on the port's own thread.
/// </remarks>
internal sealed partial class SerialListener : IDisposable
{
    /// <summary>Answers are a few per frame received; more waiting than this is a port that takes none.</summary>
    public const int FramesWaitingMax = 64;

    private const int ChunkBytes = 4096;

    private static readonly TimeSpan s_idleAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_reopenEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_writeMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_disposeLimit = TimeSpan.FromSeconds(2);

    private readonly string _busId;
    private readonly SerialPortOptions _options;
    private readonly ISerialTalker _talker;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StopSignal _stop = new();
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private bool _isOpen;
    private long _dropped;
    private Thread? _thread;
    private SerialFaultKind? _lostBecause;

    public SerialListener(string busId, SerialPortOptions options, ISerialTalker talker, TimeProvider time, ILogger log) =>
        (_busId, _options, _talker, _time, _log) = (busId, options, talker, time, log);

    /// <summary>Frames that were not sent: the port was lost, or too many waited.</summary>
    public long FramesDropped => Interlocked.Read(ref _dropped);

    public void Start()
    {
        if (_thread is not null) throw new InvalidOperationException($"the listener of bus {_busId} was started before");
        _thread = new Thread(Run) { IsBackground = true, Name = $"serial {_busId}" };
        _thread.Start();
    }

    /// <summary>Closes the port; returns when that is done or the limit is over. Frames that still wait are dropped.</summary>
    public void Stop(TimeSpan limit)
    {
        if (_stop.IsSet) return;
        _stop.Set();
        if (_thread?.Join(limit) == false) LogStopTimedOut(_busId, limit);
    }

    /// <summary>Queues a frame, which is copied; written on the port's thread, in order. Dropped and counted while the port is lost or <see cref="FramesWaitingMax"/> wait.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (!_isOpen || _waiting.Count >= FramesWaitingMax)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _waiting.Enqueue(frame.ToArray());
            // The talker answers from the port's thread, which looks at the queue before it waits again.
            if (Thread.CurrentThread != _thread) _stop.Nudge();
        }
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
            if (SerialPort.TryOpen(_options, out var port, out var fault))
            {
                using (port) fault = Serve(port);
                RefuseFrames();
            }
            if (fault is null) return;
            OnLost(fault);
            for (long lostAt = _time.GetTimestamp(); s_reopenEvery - _time.GetElapsedTime(lostAt) is var rest && rest > TimeSpan.Zero && !_stop.Wait(rest);) { }
        }
    }

    /// <summary>Reads and writes until the port is lost (then why) or the listener is to stop (then null).</summary>
    private SerialFault? Serve(SerialPort port)
    {
        OnOpened();
        byte[] chunk = new byte[ChunkBytes];
        long quietSince = _time.GetTimestamp();
        while (true)
        {
            if (WriteWaiting(port) is { } mute) return mute;
            var read = port.Read(chunk, s_idleAfter - _time.GetElapsedTime(quietSince), _stop);
            if (read.Kind == SerialReadKind.Stopped) return null;
            if (read.Kind == SerialReadKind.Lost) return read.Fault;
            long now = _time.GetTimestamp();
            if (read.Kind == SerialReadKind.Bytes) _talker.Received(chunk.AsSpan(0, read.Count), now);
            else if (_time.GetElapsedTime(quietSince, now) < s_idleAfter) continue;
            else _talker.Idle();
            quietSince = now;
        }
    }

    private SerialFault? WriteWaiting(SerialPort port)
    {
        while (true)
        {
            byte[]? frame;
            lock (_gate) _waiting.TryDequeue(out frame);
            if (frame is null) return null;
            if (port.Write(frame, s_writeMax) is not { } fault) continue;
            Interlocked.Increment(ref _dropped);
            return fault;
        }
    }

    private void OnOpened()
    {
        _lostBecause = null;
        lock (_gate) _isOpen = true;
        LogOpened(_busId, _options.Path, _options.Baud, _options.Framing);
        _talker.Opened();
    }

    private void RefuseFrames()
    {
        lock (_gate)
        {
            _isOpen = false;
            Interlocked.Add(ref _dropped, _waiting.Count);
            _waiting.Clear();
        }
    }

    private void OnLost(SerialFault fault)
    {
        if (_lostBecause is null)
        {
            LogLost(_busId, fault.Reason, (int)s_reopenEvery.TotalMilliseconds);
            _talker.Lost(fault.Reason);
        }
        else if (_lostBecause != fault.Kind && _lostBecause != SerialFaultKind.Lost)
        {
            LogReasonChanged(_busId, fault.Reason);
        }
        _lostBecause = fault.Kind;
    }
}
