using System.Text;
using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Gateway.Engine.Views;
using Gateway.LiveBus;
using Gateway.Store;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.LiveBus;

/// <summary>What goes to the bus, in which order, and from where it goes on after anything broke; a real journal, a broker that does what the test says.</summary>
public sealed class LiveBusPumpTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly StateStore _store;
    private readonly StateReader _reader;
    private readonly Dictionary<string, string> _retained = [];
    private readonly List<(string Topic, string Payload)> _heard = [];
    private readonly Queue<Action<bool>> _unacknowledged = new();
    private int _room = int.MaxValue;
    private LiveBusCursor _cursor = new(0);
    private LiveBusPump _pump;

    public LiveBusPumpTests()
    {
        _store = StateStore.Open(_folder.File("state.db"));
        _reader = new StateReader(_folder.File("state.db"));
        _pump = Start(0);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void At_first_the_open_alarms_are_shown_and_from_then_on_every_step()
    {
        Step(1, AlarmState.Unacked);
        Step(1, AlarmState.Acked);
        Step(2, AlarmState.Unacked);
        Connect();
        Assert.Equal(["1 acked", "2 unacked"], Heard());

        Step(2, AlarmState.ReturnedUnacked);
        Step(2, AlarmState.Normal);
        Assert.True(_pump.Go());

        Assert.Equal(["2 returnedUnacked", "2 cleared"], Heard());
        Assert.Equal(["1 acked"], Retained());
    }

    [Fact]
    public void The_payload_is_the_alarm_exactly_as_the_API_shows_it()
    {
        Step(1, AlarmState.Unacked);
        Connect();
        Assert.Equal(Encoding.UTF8.GetString(_reader.Alarm("1")!), _retained["gateway/s1/alarm/1"]);
    }

    [Fact]
    public void The_cursor_passes_a_step_only_when_it_and_all_before_it_are_acknowledged()
    {
        Connect();
        Assert.Equal(1, _cursor.Next);
        for (int n = 1; n <= 3; n++) Step(n, AlarmState.Unacked);
        _pump.Go();
        var (first, second, third) = (_unacknowledged.Dequeue(), _unacknowledged.Dequeue(), _unacknowledged.Dequeue());

        second(true);
        Assert.Equal(1, _cursor.Next);
        first(true);
        Assert.Equal(3, _cursor.Next);
        third(true);
        Assert.Equal(4, _cursor.Next);
    }

    [Fact]
    public void After_a_kill_every_step_behind_the_cursor_comes_again_in_order_and_what_closed_meanwhile_is_cleared()
    {
        Connect();
        Step(1, AlarmState.Unacked);
        _pump.Go();
        AcknowledgeAll();
        long kept = _cursor.Next;
        Step(2, AlarmState.Unacked);
        _pump.Go();
        Heard();

        // Killed before the acknowledgement of 2; 1 closes while the bus is down.
        _unacknowledged.Clear();
        _pump = Start(kept);
        Step(1, AlarmState.Normal);
        Connect();

        Assert.Equal(["2 unacked", "1 cleared", "1 cleared", "2 unacked"], Heard());
        Assert.Equal(["2 unacked"], Retained());
    }

    [Fact]
    public void A_kill_in_the_middle_of_the_first_picture_begins_it_anew()
    {
        for (int n = 1; n <= 3; n++) Step(n, AlarmState.Unacked);
        Connect();
        _unacknowledged.Dequeue()(true);
        Assert.Equal(0, _cursor.Next);
        AcknowledgeAll();
        Assert.Equal(4, _cursor.Next);
    }

    [Fact]
    public void A_broker_that_lost_everything_gets_the_whole_picture_again()
    {
        for (int n = 1; n <= 3; n++) Step(n, AlarmState.Unacked);
        Step(2, AlarmState.Normal);
        Connect();
        AcknowledgeAll();
        // Came back with what it had saved long ago.
        _retained.Clear();
        _retained["gateway/s1/alarm/2"] = "stale";

        Connect();

        Assert.Equal(["1 unacked", "3 unacked"], Retained());
    }

    [Fact]
    public void Without_room_it_waits_and_loses_nothing()
    {
        for (int n = 1; n <= 5; n++) Step(n, AlarmState.Unacked);
        _room = 2;
        _pump.ShowAll();
        Assert.False(_pump.Go());
        Step(6, AlarmState.Unacked);
        Assert.False(_pump.Go());
        Assert.Equal(2, _heard.Count);

        for (_room = 1; !_pump.Go(); _room++) AcknowledgeAll();
        AcknowledgeAll();

        Assert.Equal(["1", "2", "3", "4", "5", "6"], Heard().Select(h => h[..1]));
        Assert.Equal(7, _cursor.Next);
    }

    [Fact]
    public void What_the_broker_refuses_for_good_does_not_hold_up_what_is_behind_it()
    {
        Connect();
        Step(1, AlarmState.Unacked);
        Step(2, AlarmState.Unacked);
        _pump.Go();
        _unacknowledged.Dequeue()(false);
        _unacknowledged.Dequeue()(true);
        Assert.Equal(3, _cursor.Next);
    }

    private LiveBusPump Start(long next) => new(new LiveBusTopics("gateway", "s1"), _reader, _cursor = new LiveBusCursor(next), Publish);

    private void Connect()
    {
        _pump.ShowAll();
        Assert.True(_pump.Go());
    }

    private bool Publish(string topic, ReadOnlySpan<byte> payload, Action<bool> done)
    {
        if (_room <= 0) return false;
        _room--;
        string text = Encoding.UTF8.GetString(payload);
        _heard.Add((topic, text));
        _unacknowledged.Enqueue(done);
        if (text.Length == 0) _retained.Remove(topic);
        else _retained[topic] = text;
        return true;
    }

    private void AcknowledgeAll()
    {
        while (_unacknowledged.TryDequeue(out var done)) done(true);
    }

    private void Step(int number, AlarmState state) => _store.Commit(() =>
    {
        var alarm = new Alarm($"{number}", number, "wind", Severity.High, new AlarmSubject(SubjectKind.Device, "c1"), new LocalText("风", "Wind"), new LocalText("停", "Stop"), state, null, null, 1_000, 2_000, null, null, null, null, 14.5, 13.8, 1);
        var view = AlarmView.Of(alarm, _store.LastSeq + 1, new LocalText("塔机", "Crane"));
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(view, ViewJson.Default.AlarmView);
        _store.KeepAlarm(view, body);
        _store.Journal("alarm", 2_000, body);
    });

    /// <summary>What was said since the last look.</summary>
    private List<string> Heard()
    {
        var heard = _heard.Select(h => Words(h.Topic, h.Payload)).ToList();
        _heard.Clear();
        return heard;
    }

    private List<string> Retained() => [.. _retained.Select(r => Words(r.Key, r.Value)).Order()];

    private static string Words(string topic, string payload) => $"{topic.Split('/')[^1]} {(payload.Length == 0 ? "cleared" : JsonDocument.Parse(payload).RootElement.GetProperty("state").GetString())}";
}
