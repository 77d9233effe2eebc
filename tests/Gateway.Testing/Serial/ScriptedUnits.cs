using System.Collections.Concurrent;

namespace Gateway.Testing.Serial;

/// <summary>What one unit does with a request: send bytes now or later, or nothing.</summary>
/// <param name="request">The eight bytes.</param>
/// <param name="line">Where to send.</param>
public delegate void UnitScript(byte[] request, ScriptedUnits line);

/// <summary>Modbus units that answer as a test says, on the device's side of a <see cref="PseudoTerminal"/>, on a thread of their own.</summary>
/// <remarks>Has its own CRC; shares no code with the gateway's codec.</remarks>
public sealed class ScriptedUnits : IDisposable
{
    private const int RequestSize = 8;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(2);

    private readonly PseudoTerminal _terminal;
    private readonly UnitScript _script;
    private readonly Thread _thread;
    private readonly List<(long DueAt, byte[] Bytes)> _later = [];
    private volatile bool _stopping;

    public ScriptedUnits(PseudoTerminal terminal, UnitScript script)
    {
        _terminal = terminal;
        _script = script;
        _thread = new Thread(Run) { IsBackground = true, Name = "scripted units" };
        _thread.Start();
    }

    /// <summary>Every request so far, with when it was complete.</summary>
    public ConcurrentQueue<(byte[] Request, long Timestamp)> Requests { get; } = [];

    /// <summary>From the script's own thread, or before the bus starts.</summary>
    public void Send(params ReadOnlySpan<byte> bytes) => _terminal.Write(bytes);

    /// <summary>Sends after a delay while further requests are taken; from the script only.</summary>
    public void SendLater(TimeSpan delay, params byte[] bytes) =>
        _later.Add((TimeProvider.System.GetTimestamp() + (long)(delay.TotalSeconds * TimeProvider.System.TimestampFrequency), bytes));

    /// <summary>A reply to a read of registers.</summary>
    public static byte[] Reply(byte unit, byte function, params ushort[] words) =>
        Close([unit, function, (byte)(words.Length * 2), .. words.SelectMany(static word => new[] { (byte)(word >> 8), (byte)word })]);

    public static byte[] Exception(byte unit, byte function, byte code) => Close([unit, (byte)(function | 0x80), code]);

    /// <summary>Appends the CRC.</summary>
    public static byte[] Close(byte[] body)
    {
        var crc = 0xFFFF;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return [.. body, (byte)crc, (byte)(crc >> 8)];
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        var buffer = new byte[256];
        var count = 0;
        while (!_stopping)
        {
            count += _terminal.Read(buffer.AsSpan(count), s_tick);
            for (; count >= RequestSize; count -= RequestSize)
            {
                var request = buffer[..RequestSize];
                buffer.AsSpan(RequestSize, count - RequestSize).CopyTo(buffer);
                Requests.Enqueue((request, TimeProvider.System.GetTimestamp()));
                _script(request, this);
            }

            SendWhatIsDue();
        }
    }

    private void SendWhatIsDue()
    {
        var now = TimeProvider.System.GetTimestamp();
        foreach (var (_, bytes) in _later.Where(entry => entry.DueAt <= now).OrderBy(entry => entry.DueAt).ToList())
            _terminal.Write(bytes);

        _later.RemoveAll(entry => entry.DueAt <= now);
    }
}
