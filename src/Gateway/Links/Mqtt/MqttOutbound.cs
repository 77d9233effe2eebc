using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Links.Mqtt;

/// <summary>The sending half of a connection: answers are put together under a short lock by the reading thread and the engine's thread, and sent without waiting for a slow peer.</summary>
/// <remarks>A peer that does not read its answers is bounded: beyond <see cref="UnsentBytesMax"/> the connection is aborted.</remarks>
internal sealed class MqttOutbound(PipeWriter output, Action<string> abort)
{
    /// <summary>256 KiB: 65 000 acknowledgements.</summary>
    public const int UnsentBytesMax = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _unsent = new(64);
    private bool _sending;
    private bool _closed;

    /// <summary>True when nothing was waiting before: the caller should see to a flush.</summary>
    public bool Append<T>(Action<IBufferWriter<byte>, T> write, T state)
    {
        lock (_gate)
        {
            if (_closed) return false;
            bool first = _unsent.WrittenCount == 0;
            write(_unsent, state);
            if (_unsent.WrittenCount > UnsentBytesMax)
            {
                _closed = true;
                abort("the device does not read its acknowledgements");
            }
            return first;
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
        _unsent.ResetWrittenCount();
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
        lock (_gate)
        {
            _sending = false;
            if (!_closed && _unsent.WrittenCount > 0) Send();
        }
    }
}
