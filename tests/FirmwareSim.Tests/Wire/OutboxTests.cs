using FirmwareSim.Devices;
using FirmwareSim.Wire.Mqtt;

namespace FirmwareSim.Tests.Wire;

public sealed class OutboxTests
{
    private readonly Traffic _traffic = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(_traffic);

    private List<(byte First, bool Duplicate)> TakeAll()
    {
        var taken = new List<(byte, bool)>();
        while (_outbox.TryTake(out OutgoingMessage? message, out bool duplicate)) taken.Add((message.Payload[0], duplicate));
        return taken;
    }

    [Fact]
    public void A_message_is_sent_once_on_a_connection_and_again_with_DUP_on_the_next()
    {
        _outbox.Add([1]);
        Assert.Equal([((byte)1, false)], TakeAll());
        Assert.Empty(TakeAll());
        _outbox.Rewind();
        _outbox.Add([2]);
        Assert.Equal([((byte)1, true), ((byte)2, false)], TakeAll());
        Assert.Equal(2, _traffic.Sent);
    }

    [Fact]
    public void An_acknowledged_message_is_never_sent_again_and_a_strange_acknowledgement_is_ignored()
    {
        _outbox.Add([1]);
        Assert.True(_outbox.TryTake(out OutgoingMessage? message, out _));
        _outbox.Acknowledge(message.PacketId);
        _outbox.Acknowledge(message.PacketId);
        _outbox.Rewind();
        Assert.Empty(TakeAll());
        Assert.Equal(1, _traffic.Acknowledged);
    }

    [Fact]
    public void Of_more_than_a_thousand_messages_the_oldest_are_dropped_and_counted()
    {
        for (int i = 0; i < 1003; i++) _outbox.Add([(byte)i]);
        Assert.Equal(3, _traffic.Dropped);
        Assert.True(_outbox.TryTake(out OutgoingMessage? oldest, out _));
        Assert.Equal(3, oldest.Payload[0]);
    }

    [Fact]
    public void No_more_than_32_messages_are_under_way_at_once()
    {
        for (int i = 0; i < 100; i++) _outbox.Add([(byte)i]);
        Assert.Equal(32, TakeAll().Count);
        _outbox.Acknowledge(1);
        Assert.Equal([((byte)32, false)], TakeAll());
    }

    [Fact]
    public void Packet_identifiers_are_never_zero_and_never_those_of_kept_messages()
    {
        _outbox.Add([1]);
        for (int i = 0; i < 70_000; i++) Assert.NotInRange(_outbox.TakePacketId(), 0, 1);
    }
}
