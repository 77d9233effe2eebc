using Gateway.Links.Mqtt.Broker;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary><c>mqtt.db</c>: what is written is what is read, and a refusal keeps nothing.</summary>
public sealed class MqttStoreTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private MqttStore _store;

    public MqttStoreTests() => _store = MqttStore.Open(Path);

    private string Path => _folder.File("mqtt.db");

    [Fact]
    public void Everything_comes_back_as_it_was()
    {
        var owner = new SessionRow("客户 1", "ann", uint.MaxValue, 1_800_000_000_000);
        var row = new SubscriptionRow("$share/g/温度/#", 2, false, true, 2, 268_435_455);
        var message = new MqttMessage("t/1"u8.ToArray(), [0, 255, 0], [1, 2, 3], 2, true, 1_900_000_000_000);
        var outgoing = new Outgoing(message, 1, true, [1, 268_435_455], 42);
        outgoing.Move(65_535, OutgoingState.Released);
        _store.Apply(
        [
            new(MqttChangeKind.SessionKeep, owner.Client, 0, owner), new(MqttChangeKind.Subscribe, owner.Client, 0, row.For(null!)),
            new(MqttChangeKind.QueueAdd, owner.Client, 42, outgoing), new(MqttChangeKind.ReceivedAdd, owner.Client, 65_535), new(MqttChangeKind.Retain, "", 0, message),
        ]);
        var memory = Reopen();
        Assert.Equal(owner, Assert.Single(memory.Sessions));
        Assert.Equal((owner.Client, row), Assert.Single(memory.Subscriptions));
        Assert.Equal((owner.Client, (ushort)65_535), Assert.Single(memory.Received));
        var back = Assert.Single(memory.Queues).Message;
        Assert.Equal((42L, (ushort)65_535, OutgoingState.Released, 1, true, true), (back.Number, back.PacketId, back.State, back.Qos, back.Retain, back.Message.Retain));
        Assert.Equal([1u, 268_435_455u], back.SubscriptionIds);
        Same(message, back.Message);
        Same(message, Assert.Single(memory.Retained));
    }

    [Fact]
    public void Empty_payloads_properties_and_names_are_empty_and_not_nothing()
    {
        var message = new MqttMessage("t"u8.ToArray(), [], [], 1, false, MqttMessage.Never);
        _store.Apply(
        [
            new(MqttChangeKind.SessionKeep, "", 0, new SessionRow("", "", 1, null)), new(MqttChangeKind.QueueAdd, "", 1, new Outgoing(message, 1, false, [], 1)),
            new(MqttChangeKind.Retain, "", 0, message with { Payload = [1], Retain = true }),
        ]);
        var memory = Reopen();
        Assert.Equal(new SessionRow("", "", 1, null), Assert.Single(memory.Sessions));
        var back = Assert.Single(memory.Queues).Message;
        Same(message, back.Message);
        Assert.Empty(back.SubscriptionIds);
        Assert.Equal(OutgoingState.Waiting, back.State);
        Assert.Equal(MqttMessage.Never, Assert.Single(memory.Retained).ExpiresAtMs);
    }

    [Fact]
    public void A_message_that_was_promised_a_packet_id_may_have_been_seen()
    {
        var outgoing = new Outgoing(new MqttMessage("t"u8.ToArray(), [], [], 1, false, MqttMessage.Never), 1, false, [], 1);
        _store.Apply([new(MqttChangeKind.QueueAdd, "a", 1, outgoing)]);
        Assert.False(Assert.Single(Reopen().Queues).Message.WasSent);
        outgoing.Move(9, OutgoingState.Published);
        _store.Apply([new(MqttChangeKind.QueueStep, "a", 1, outgoing)]);
        var back = Assert.Single(Reopen().Queues).Message;
        Assert.Equal(((ushort)9, true), (back.PacketId, back.WasSent));
    }

    [Fact]
    public void A_session_that_ends_takes_everything_of_it_along_and_nothing_else()
    {
        foreach (string client in (string[])["a", "b"])
        {
            _store.Apply(
            [
                new(MqttChangeKind.SessionKeep, client, 0, new SessionRow(client, "", 1, null)),
                new(MqttChangeKind.Subscribe, client, 0, new SubscriptionRow("t", 1, false, false, 0, 0).For(null!)),
                new(MqttChangeKind.QueueAdd, client, 1, new Outgoing(new MqttMessage("t"u8.ToArray(), [], [], 1, false, MqttMessage.Never), 1, false, [], 1)),
                new(MqttChangeKind.ReceivedAdd, client, 1),
            ]);
        }
        _store.Apply([new(MqttChangeKind.SessionEnd, "a")]);
        var memory = Reopen();
        Assert.Equal(["b", "b", "b", "b"], [.. memory.Sessions.Select(s => s.Client), .. memory.Subscriptions.Select(s => s.Client), .. memory.Queues.Select(q => q.Client), .. memory.Received.Select(r => r.Client)]);
    }

    [Fact]
    public void A_message_of_many_queues_is_written_once_and_goes_with_the_last_of_them()
    {
        var message = new MqttMessage("t"u8.ToArray(), new byte[50_000], [], 1, false, MqttMessage.Never);
        string[] clients = [.. Enumerable.Range(0, 100).Select(n => $"client-{n:00}")];
        _store.Apply([.. clients.Select(c => new MqttChange(MqttChangeKind.QueueAdd, c, 1, new Outgoing(message, 1, false, [], 1)))]);

        var queues = Reopen().Queues;
        Assert.Equal(clients, queues.Select(q => q.Client));
        Assert.Single(queues.Select(q => q.Message.Message).Distinct(ReferenceEqualityComparer.Instance));
        _store.Apply([.. clients.Skip(2).Select(c => new MqttChange(MqttChangeKind.QueueRemove, c, 1)), new(MqttChangeKind.SessionEnd, clients[0])]);
        Assert.Equal(1, MessageRows());
        Same(message, Assert.Single(Reopen().Queues).Message.Message);
        _store.Apply([new(MqttChangeKind.QueueRemove, clients[1], 1)]);
        Assert.Equal(0, MessageRows());
    }

    [Fact]
    public void A_message_that_left_its_last_queue_comes_back_with_the_next()
    {
        var message = new MqttMessage("t"u8.ToArray(), "x"u8.ToArray(), [], 1, false, MqttMessage.Never);
        MqttChange For(string client) => new(MqttChangeKind.QueueAdd, client, 1, new Outgoing(message, 1, false, [], 1));
        _store.Apply([For("a"), new(MqttChangeKind.QueueRemove, "a", 1), For("b"), new(MqttChangeKind.SessionEnd, "b"), For("c")]);
        Same(message, Assert.Single(_store.Read().Queues).Message.Message);

        // And when the disk refused the transaction that wrote it.
        _store.Apply([new(MqttChangeKind.SessionEnd, "c")]);
        using (var other = SqliteDatabase.OpenWriter(Path)) other.Execute("CREATE TRIGGER no BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.Throws<StoreException>(() => _store.Apply([For("d"), new(MqttChangeKind.SessionKeep, "d", 0, new SessionRow("d", "", 1, null))]));
        using (var other = SqliteDatabase.OpenWriter(Path)) other.Execute("DROP TRIGGER no");
        _store.Apply([For("d")]);
        Same(message, Assert.Single(Reopen().Queues).Message.Message);
    }

    [Fact]
    public void A_refused_transaction_keeps_nothing_and_the_same_entries_work_later()
    {
        List<MqttChange> changes = [new(MqttChangeKind.ReceivedAdd, "a", 1), new(MqttChangeKind.SessionKeep, "a", 0, new SessionRow("a", "", 1, null)), default];
        using (var other = SqliteDatabase.OpenWriter(Path)) other.Execute("CREATE TRIGGER no BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.Throws<StoreException>(() => _store.Apply(changes));
        Assert.Empty(_store.Read().Received);
        using (var other = SqliteDatabase.OpenWriter(Path)) other.Execute("DROP TRIGGER no");
        _store.Apply(changes);
        var memory = Reopen();
        Assert.Equal((1, 1), (memory.Received.Count, memory.Sessions.Count));
    }

    [Fact]
    public void A_newer_file_is_refused()
    {
        _store.Dispose();
        using (var db = SqliteDatabase.OpenWriter(Path)) db.Execute("PRAGMA user_version=99");
        Assert.Throws<StoreException>(() => MqttStore.Open(Path));
        using (var db = SqliteDatabase.OpenWriter(Path)) db.Execute("PRAGMA user_version=1");
        _store = MqttStore.Open(Path);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static void Same(MqttMessage expected, MqttMessage found)
    {
        Assert.Equal(expected with { Topic = [], Payload = [], Properties = [] }, found with { Topic = [], Payload = [], Properties = [] }, (a, b) =>
            (a.Qos, a.Retain, a.ExpiresAtMs) == (b.Qos, b.Retain, b.ExpiresAtMs));
        Assert.Equal(expected.Topic, found.Topic);
        Assert.Equal(expected.Payload, found.Payload);
        Assert.Equal(expected.Properties, found.Properties);
    }

    private long MessageRows()
    {
        using var reader = SqliteDatabase.OpenReader(Path);
        return reader.ReadLong("SELECT count(*) FROM message");
    }

    private MqttMemory Reopen()
    {
        _store.Dispose();
        _store = MqttStore.Open(Path);
        return _store.Read();
    }
}
