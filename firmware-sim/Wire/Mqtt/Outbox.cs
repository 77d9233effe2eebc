using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>A device's flash memory: messages wait here, in order, until they are acknowledged. Safe from any thread.</summary>
internal sealed class Outbox(Traffic traffic)
{
    /// <summary>Messages kept; with one more the oldest is dropped and counted.</summary>
    public const int MessagesMax = 1000;

    /// <summary>Messages on their way at the same time; keeps a backlog from flooding a gateway that just came back.</summary>
    public const int InFlightMax = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<OutgoingMessage> _messages = [];
    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ushort _lastPacketId;

    public void Add(byte[] payload)
    {
        lock (_gate)
        {
            if (_messages.Count == MessagesMax)
            {
                _messages.RemoveFirst();
                traffic.CountDropped();
            }
            _messages.AddLast(new OutgoingMessage(NextPacketId(), payload));
        }
        _changed.Writer.TryWrite(true);
    }

    /// <summary>
    /// Returns when a message was added or acknowledged since the last call, after <paramref name="atMost"/>, or on stop. One caller.
    /// </summary>
    public async Task WaitForChangeAsync(TimeSpan atMost, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        Task waiting = _changed.Reader.WaitToReadAsync(either.Token).AsTask();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _changed.Reader.TryRead(out _);
    }

    /// <summary>An identifier that no kept message uses, 1..65535.</summary>
    public ushort TakePacketId()
    {
        lock (_gate) return NextPacketId();
    }

    /// <summary>A new connection: everything kept has to be sent on it again.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            foreach (OutgoingMessage message in _messages) message.IsInFlight = false;
        }
    }

    /// <summary>
    /// The oldest message not yet sent on this connection, marked as in flight; false when there is none or too many are under way.
    /// </summary>
    public bool TryTake([NotNullWhen(true)] out OutgoingMessage? message, out bool duplicate)
    {
        lock (_gate)
        {
            message = _messages.Count(m => m.IsInFlight) < InFlightMax ? _messages.FirstOrDefault(m => !m.IsInFlight) : null;
            duplicate = message is { WasSent: true };
            if (message is null) return false;
            if (!message.WasSent) traffic.CountSent();
            message.WasSent = message.IsInFlight = true;
            return true;
        }
    }

    /// <summary>
    /// Forgets the message with this identifier; an unknown one is ignored, as the standard allows brokers to acknowledge late.
    /// </summary>
    public void Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            OutgoingMessage? message = _messages.FirstOrDefault(m => m.PacketId == packetId);
            if (message is null) return;
            _messages.Remove(message);
            traffic.CountAcknowledged();
        }
        _changed.Writer.TryWrite(true);
    }

    private ushort NextPacketId()
    {
        do _lastPacketId = (ushort)(_lastPacketId == ushort.MaxValue ? 1 : _lastPacketId + 1);
        while (_messages.Any(m => m.PacketId == _lastPacketId));
        return _lastPacketId;
    }
}
