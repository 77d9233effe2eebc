using Gateway.Links.Mqtt.Broker;
using Gateway.Store;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Broker;

/// <summary>What reaches the disk, in which order, and what never has to.</summary>
public sealed class MqttJournalTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly MqttStore _store;
    private readonly MqttJournal _journal;
    private int _wakes;

    public MqttJournalTests()
    {
        _store = MqttStore.Open(_folder.File("mqtt.db"));
        _journal = new MqttJournal(_store, () => _wakes++);
        _journal.Add(new MqttChange(MqttChangeKind.SessionKeep, "a", 0, new SessionRow("a", "", 60, null)));
        _journal.Commit();
    }

    [Fact]
    public void What_came_and_went_between_two_commits_leaves_nothing()
    {
        var message = Message(1);
        _journal.Add(new MqttChange(MqttChangeKind.QueueAdd, "a", 1, message));
        message.Move(7, OutgoingState.Published);
        _journal.Add(new MqttChange(MqttChangeKind.QueueStep, "a", 1, message));
        _journal.Add(new MqttChange(MqttChangeKind.QueueRemove, "a", 1));
        _journal.Commit();
        Assert.Empty(_store.Read().Queues);
        Assert.Equal(0, _journal.WaitingBytes);
    }

    [Fact]
    public void A_message_that_goes_after_its_commit_takes_its_row_with_it()
    {
        _journal.Add(new MqttChange(MqttChangeKind.QueueAdd, "a", 1, Message(1)));
        _journal.Commit();
        Assert.Single(_store.Read().Queues);
        _journal.Add(new MqttChange(MqttChangeKind.QueueRemove, "a", 1));
        _journal.Commit();
        Assert.Empty(_store.Read().Queues);
    }

    [Fact]
    public void The_same_number_in_two_lives_of_a_session_is_two_messages()
    {
        _journal.Add(new MqttChange(MqttChangeKind.QueueAdd, "a", 1, Message(1)));
        _journal.Add(new MqttChange(MqttChangeKind.SessionEnd, "a"));
        _journal.Add(new MqttChange(MqttChangeKind.SessionKeep, "a", 0, new SessionRow("a", "", 60, null)));
        _journal.Add(new MqttChange(MqttChangeKind.QueueAdd, "a", 1, Message(1)));
        _journal.Commit();
        Assert.Single(_store.Read().Queues);
        _journal.Add(new MqttChange(MqttChangeKind.QueueRemove, "a", 1));
        _journal.Commit();
        Assert.Empty(_store.Read().Queues);
    }

    [Fact]
    public void Numbers_are_committed_in_their_order_and_told()
    {
        int told = 0;
        _journal.Advanced += () => told++;
        long first = _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", 1));
        long second = _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", 2));
        Assert.True(_journal.HasWork && _journal.Committed < first && first < second);
        _journal.Commit();
        Assert.False(_journal.HasWork);
        Assert.Equal(second, _journal.Committed);
        _journal.Publish();
        Assert.Equal(1, told);
    }

    [Fact]
    public void The_engine_is_woken_by_the_first_entry_and_not_by_each()
    {
        int before = _wakes;
        for (int i = 1; i <= 5; i++) _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", i));
        Assert.Equal(before + 1, _wakes);
        _journal.Commit();
        _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", 9));
        Assert.Equal(before + 2, _wakes);
    }

    [Fact]
    public async Task A_group_holds_the_commit_back_until_it_is_complete()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var group = Task.Run(() =>
        {
            using var together = _journal.Group();
            _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", 1));
            begun.SetResult();
            goOn.Task.Wait();
            _journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, "a", 2));
        });
        await begun.Task;
        var commit = Task.Run(_journal.Commit);
        goOn.SetResult();
        await Task.WhenAll(group, commit);
        Assert.Equal(2, _store.Read().Received.Count);
    }

    [Fact]
    public void Room_is_told_by_entries_and_by_bytes()
    {
        Assert.True(_journal.HasRoom);
        for (int i = 0; i < 65; i++) _journal.Add(new MqttChange(MqttChangeKind.Retain, "", 0, new MqttMessage("t"u8.ToArray(), new byte[1024 * 1024], [], 0, true, MqttMessage.Never)));
        Assert.False(_journal.HasRoom);
        _journal.Commit();
        Assert.True(_journal.HasRoom);
        Assert.Equal(0, _journal.WaitingBytes);
        for (int i = 0; i < 100_001; i++) _journal.Add(new MqttChange(MqttChangeKind.ReceivedRemove, "a", 1));
        Assert.False(_journal.HasRoom);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    private static Outgoing Message(long number) => new(new MqttMessage("t"u8.ToArray(), "x"u8.ToArray(), [], 1, false, MqttMessage.Never), 1, false, [], number);
}
