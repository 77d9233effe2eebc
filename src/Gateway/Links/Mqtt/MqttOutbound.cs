using System.Buffers;
using System.IO.Pipelines;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>The sending half of a connection: packets are put together under a short lock by whatever thread has one, and sent without waiting for a slow peer.</summary>
/// <remarks>A peer that does not read is bounded: messages wait in its session's queue while <see cref="HasRoom"/> is false; acknowledgements beyond <see cref="UnsentBytesMax"/> end the connection.</remarks>
internal sealed class MqttOutbound(PipeWriter output, Action<string> abort, Action drained)
{
    /// <summary>256 KiB: 65 000 acknowledgements.</summary>
    public const int UnsentBytesMax = 256 * 1024;

    /// <summary>Beyond this no further message is put in front of a slow peer.</summary>
    private const int MessagesBytesMax = 64 * 1024;

    private const int UnsentBytesAtFirst = 64;

    /// <summary>A larger buffer is given back when it was not needed any more.</summary>
    private const int UnsentBytesKept = 4 * 1024;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _unsent = new(UnsentBytesAtFirst);
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
                abort("the peer does not read its acknowledgements");
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

    public void Flush()
    {
        lock (_gate)
        {
            if (_sending || _closed || _unsent.WrittenCount == 0) return;
            Send();
        }
    }

    public void Close()
    {
        lock (_gate) _closed = true;
    }

    private void Send()
    {
        output.Write(_unsent.WrittenSpan);
        // What one burst made grow must not stay with each of thousands of connections.
        if (_unsent.Capacity > UnsentBytesKept && _unsent.WrittenCount < _unsent.Capacity / 8) _unsent = new ArrayBufferWriter<byte>(UnsentBytesAtFirst);
        else _unsent.ResetWrittenCount();
        _messageBytes = 0;
        var sending = output.FlushAsync();
        if (sending.IsCompletedSuccessfully) return;
        _sending = true;
        _ = GoOnAsync(sending.AsTask());
    }

    private async Task GoOnAsync(Task<FlushResult> sending)
    {
        try
        {
            await sending;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over; its reading half notices and says so.
            Close();
            return;
        }
        bool wanted;
        lock (_gate)
        {
            _sending = false;
            if (!_closed && _unsent.WrittenCount > 0) Send();
            wanted = _wanted && !_closed && _unsent.WrittenCount < MessagesBytesMax;
            if (wanted) _wanted = false;
        }
        if (wanted) drained();
    }
}
