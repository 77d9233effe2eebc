using Gateway.Links.Serial;

namespace Gateway.Testing.Serial;

/// <summary>A unit behind a line that takes its time: the request counts as heard when its characters have passed, the answer comes at the speed of the line.</summary>
/// <remarks>8N1. The unit itself waits 3.5 characters, as the standard asks, and no longer: what is missing from <see cref="Ideal"/> is the master's.</remarks>
public sealed class TimedUnits : IDisposable
{
    private const int RequestSize = 8;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

    private readonly PseudoTerminal _terminal;
    private readonly TimeSpan _character;
    private readonly byte[] _reply;
    private readonly Thread _thread;
    private readonly List<long> _requests = [];
    private volatile bool _stopping;

    public TimedUnits(PseudoTerminal terminal, int baud, byte[] reply)
    {
        (_terminal, _character, _reply) = (terminal, TimeSpan.FromSeconds(10.0 / baud), reply);
        _thread = new Thread(Run) { IsBackground = true, Name = "timed units" };
        _thread.Start();
    }

    /// <summary>The shortest that one request and reply with their silences take on this line.</summary>
    public TimeSpan Ideal => _character * (RequestSize + 3.5 + _reply.Length + 3.5);

    /// <summary>When each request arrived.</summary>
    public IReadOnlyList<long> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        byte[] buffer = new byte[64];
        int count = 0;
        while (!_stopping)
        {
            count += _terminal.Read(buffer.AsSpan(count), s_tick);
            if (count < RequestSize) continue;
            long at = TimeProvider.System.GetTimestamp();
            lock (_requests) _requests.Add(at);
            count = 0;
            for (int sent = 0; sent < _reply.Length; sent++)
            {
                WaitUntil(at, _character * (RequestSize + 3.5 + sent + 1));
                _terminal.Write(_reply.AsSpan(sent, 1));
            }
        }
    }

    private static void WaitUntil(long from, TimeSpan after)
    {
        while (after - TimeProvider.System.GetElapsedTime(from) is var rest && rest > TimeSpan.Zero) LibC.Wait([], rest);
    }
}
