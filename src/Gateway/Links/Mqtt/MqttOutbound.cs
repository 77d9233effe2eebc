using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>The sending half of a connection: packets are put together under a short lock by whatever thread has one, and sent without waiting for a slow peer.</summary>
/// <param name="aside">Where work goes that must not go on on this stack.</param>
/// <param name="overflow">The peer does not read what is owed to it.</param>
/// <param name="drained">Somebody found no room and there is some now: may put in more; called under no lock.</param>
/// <remarks>
/// A peer that does not read is bounded: messages wait in its session's queue while <see cref="HasRoom"/> is false; acknowledgements beyond
/// <see cref="UnsentBytesMax"/> end the connection. Whoever was told that there is no room is called when there is some, whichever thread's flush made it.
/// </remarks>
internal sealed class MqttOutbound(PipeWriter output, PipeScheduler aside, Action overflow, Action drained)
{
    /// <summary>256 KiB: 65 000 acknowledgements.</summary>
    public const int UnsentBytesMax = 256 * 1024;

    /// <summary>Beyond this no further message is put in front of a slow peer.</summary>
    private const int MessagesBytesMax = 64 * 1024;

    private const int BufferBytesAtFirst = 64;

    /// <summary>A larger buffer is given back as soon as an eighth of it would do: what one burst made grow must not stay with each of thousands of connections.</summary>
    private const int BufferBytesKept = 4 * 1024;

    /// <summary>So often in a row one flush makes room and fills it again; a quick reader of a long queue must not hold the thread it happens on, which may be the engine's.</summary>
    private const int RoundsMax = 8;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _unsent = new(BufferBytesAtFirst);
    private int _messageBytes;
    private bool _sending;
    private bool _wanted;
    private bool _closed;

    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                bool room = !_closed && _unsent.WrittenCount < MessagesBytesMax;
                _wanted |= !room;
                return room;
            }
        }
    }

    /// <summary>True when nothing was waiting before: the caller should see to a flush.</summary>
    public bool Append<T>(Action<IBufferWriter<byte>, T> write, T state)
    {
        lock (_gate)
        {
            if (_closed) return false;
            bool first = _unsent.WrittenCount == 0;
            write(_unsent, state);
            if (_unsent.WrittenCount - _messageBytes > UnsentBytesMax)
            {
                _closed = true;
                aside.Schedule(static overflow => ((Action)overflow!)(), overflow);
            }
            return first;
        }
    }

    /// <summary>Appends an application message.</summary>
    public void Publish(MqttVersion version, ReadOnlySpan<byte> topic, MqttMessage message, in MqttPublishHead head)
    {
        lock (_gate)
        {
            if (_closed) return;
            int before = _unsent.WrittenCount;
            MqttWriter.Publish(_unsent, version, topic, message.Payload, head, message.Properties);
            _messageBytes += _unsent.WrittenCount - before;
        }
    }

    /// <summary>Sends what has been put in. Called under no lock of a session's or the broker's.</summary>
    public void Flush()
    {
        for (int round = 0; SendNow(); round++)
        {
            drained();
            if (round < RoundsMax) continue;
            aside.Schedule(static o => ((MqttOutbound)o!).Flush(), this);
            return;
        }
    }

    public void Close()
    {
        lock (_gate) _closed = true;
    }

    /// <summary>True when all of it went at once and somebody waits for the room.</summary>
    private bool SendNow()
    {
        lock (_gate) return !_sending && !_closed && _unsent.WrittenCount > 0 && Send() && TakeWanted();
    }

    private bool TakeWanted()
    {
        bool wanted = _wanted && !_closed && _unsent.WrittenCount < MessagesBytesMax;
        if (wanted) _wanted = false;
        return wanted;
    }

    private bool Send()
    {
        try
        {
            output.Write(_unsent.WrittenSpan);
            if (_unsent.Capacity > BufferBytesKept && _unsent.WrittenCount < _unsent.Capacity / 8) _unsent = new ArrayBufferWriter<byte>(BufferBytesAtFirst);
            else _unsent.ResetWrittenCount();
            _messageBytes = 0;
            var sending = output.FlushAsync();
            if (sending.IsCompletedSuccessfully)
            {
                _closed |= sending.Result.IsCompleted;
                return true;
            }
            _sending = true;
            _ = GoOnAsync(sending.AsTask());
        }
        // The connection is over; its reading half notices and says so. Whose thread this is must not suffer for it: it may be the engine's.
        catch (Exception gone) when (IsGone(gone))
        {
            _closed = true;
        }
        return false;
    }

    private async Task GoOnAsync(Task<FlushResult> sending)
    {
        bool isOver;
        try
        {
            isOver = (await sending).IsCompleted;
        }
        catch (Exception gone) when (IsGone(gone))
        {
            isOver = true;
        }
        bool wanted;
        lock (_gate)
        {
            _closed |= isOver;
            _sending = false;
            wanted = TakeWanted();
        }
        if (wanted) drained();
        Flush();
    }

    private static bool IsGone(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException;
}
