using Gateway.Diagnostics;
using Gateway.Links.Mqtt.Broker;
using Gateway.Store;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Broker;

/// <summary>What threads may do to a session and its parts at the same time.</summary>
public sealed class MqttSessionTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly MqttStore _store;
    private readonly MqttJournal _journal;
    private readonly MqttHold _hold = new(long.MaxValue);

    public MqttSessionTests()
    {
        _store = MqttStore.Open(_folder.File("mqtt.db"));
        _journal = new MqttJournal(_store, () => { });
    }

    [Fact]
    public void Of_two_connections_that_bring_the_same_QoS_2_message_at_once_one_takes_it()
    {
        var session = Session();
        Assert.True(session.Receive(5));
        Assert.False(session.Receive(5));
        Assert.True(session.HasReceived(5));
        Assert.True(session.Release(5));
        Assert.False(session.Release(5));
        Assert.True(session.Receive(5));
    }

    [Fact]
    public void A_session_that_ended_takes_nothing_and_holds_nothing()
    {
        var session = Session();
        session.Restore(new SessionRow("s", "", 60, null), 0);
        session.Enqueue(new MqttMessage("t"u8.ToArray(), new byte[100], [], 1, false, MqttMessage.Never), 1, false, []);
        Assert.True(_hold.Bytes > 100);
        Assert.NotEqual(0, session.End());
        session.Enqueue(new MqttMessage("t"u8.ToArray(), new byte[100], [], 1, false, MqttMessage.Never), 1, false, []);
        session.Receive(1);
        _journal.Commit();
        Assert.Equal(0, _hold.Bytes);
        Assert.Equal((0, 0), (_store.Read().Queues.Count, _store.Read().Received.Count));
        Assert.Equal(0, session.End());
    }

    [Fact]
    public async Task The_row_of_a_message_never_mixes_the_id_of_one_step_with_the_state_of_another()
    {
        var outgoing = new Outgoing(new MqttMessage("t"u8.ToArray(), [], [], 2, false, MqttMessage.Never), 2, false, [], 1);
        const int Turns = 2_000_000;
        bool over = false;
        var moves = Task.Run(() =>
        {
            for (int i = 0; i < Turns; i++) outgoing.Move((ushort)(i % 2 == 0 ? 7 : 0), i % 2 == 0 ? OutgoingState.Published : OutgoingState.Waiting);
            Volatile.Write(ref over, true);
        }, TestContext.Current.CancellationToken);
        while (!Volatile.Read(ref over))
        {
            var (id, state) = outgoing.Step;
            Assert.Equal(id == 0, state == OutgoingState.Waiting);
        }
        await moves;
    }

    [Fact]
    public void A_set_of_packet_ids_is_a_set()
    {
        var random = new Random(3);
        var (ids, expected) = (new PacketIdSet(), new HashSet<ushort>());
        for (int i = 0; i < 20_000; i++)
        {
            ushort id = (ushort)random.Next(1, i % 2 == 0 ? 65_536 : 2_000);
            if (random.Next(3) > 0) Assert.Equal(expected.Add(id), ids.Add(id));
            else Assert.Equal(expected.Remove(id), ids.Remove(id));
            Assert.Equal(expected.Contains((ushort)(id + 1)), ids.Contains((ushort)(id + 1)));
        }
        Assert.Equal(expected.Count, ids.Count);
        var more = new PacketIdSet();
        for (ushort id = 60_000; id > 50_000; id--) more.Add(id);
        expected.UnionWith(Enumerable.Range(50_001, 10_000).Select(id => (ushort)id));
        ids.Absorb(more);
        Assert.Equal((expected.Count, 0), (ids.Count, more.Count));
        Assert.True(expected.All(ids.Contains));
        Assert.False(more.Contains(55_000));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    private MqttSession Session() => new("s", "", _journal, new MqttQueueLimits(10, 1000, 10), new MqttTally(), new GatewayClock(new SteppedClock()), _hold);
}
