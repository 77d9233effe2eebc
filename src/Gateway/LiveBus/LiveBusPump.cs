using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.LiveBus;

/// <summary>Takes a message for the broker, QoS 1, retained; tells when the broker has it (or gave it up).</summary>
/// <returns>False when there is no room now.</returns>
internal delegate bool LiveBusPublish(string topic, ReadOnlySpan<byte> payload, Action<bool> done);

/// <summary>
/// What the live bus publishes of alarms, and in which order: every step from the journal, once it is on disk; where the broker may hold something else than we think, the
/// whole picture once more behind them. The journal is the outbox: nothing is kept in memory but what the client holds.
/// </summary>
/// <remarks>One owner thread.</remarks>
internal sealed class LiveBusPump(LiveBusTopics topics, StateReader reader, LiveBusCursor cursor, LiveBusPublish publish)
{
    /// <summary>A broker that was killed comes back with what it last saved, or with nothing: what closed lately is cleared once more.</summary>
    public const int ClosedClearedMax = 200;

    private const int StepsAtOnce = 200;

    private readonly Queue<(string Topic, byte[] Payload)> _picture = new();
    private long _next = cursor.Next;
    private bool _pictureDue;

    /// <summary>The broker is there; what it holds is not certain.</summary>
    public void ShowAll()
    {
        _pictureDue = true;
        if (_next > 0) return;
        // The very first time there is no past to tell: the picture as it is, and every step from now on.
        _next = reader.Head().Seq + 1;
    }

    /// <summary>Publishes as much as there is room for.</summary>
    /// <returns>True when all is said.</returns>
    public bool Go()
    {
        if (!SayPicture()) return false;
        while (reader.AlarmSteps(_next, StepsAtOnce) is { Count: > 0 } steps)
        {
            foreach (var (seq, body) in steps)
            {
                if (!Say(body, seq)) return false;
                _next = seq + 1;
            }
        }
        if (!_pictureDue) return true;
        TakePicture();
        return SayPicture();
    }

    /// <summary>Behind the steps, so that nobody sees an alarm go back in time.</summary>
    private void TakePicture()
    {
        _pictureDue = false;
        foreach (string id in reader.ClosedAlarms(ClosedClearedMax)) _picture.Enqueue((topics.Alarm(id), []));
        foreach (byte[] body in reader.OpenAlarms()) _picture.Enqueue((topics.Alarm(IdOf(body).Id), body));
        // Nothing is open and nothing to be cleared: that is the picture.
        if (_picture.Count == 0) cursor.Arrived(cursor.Send(_next - 1));
    }

    private bool SayPicture()
    {
        while (_picture.TryPeek(out var message))
        {
            // With the last of it the broker has all that came before the picture, too.
            if (!Say(message.Topic, message.Payload, _picture.Count == 1 ? _next - 1 : -1)) return false;
            _picture.Dequeue();
        }
        return true;
    }

    private bool Say(byte[] body, long seq)
    {
        var (id, open) = IdOf(body);
        return Say(topics.Alarm(id), open ? body : [], seq);
    }

    private bool Say(string topic, byte[] payload, long seq)
    {
        var step = cursor.Send(seq);
        if (publish(topic, payload, _ => cursor.Arrived(step))) return true;
        cursor.Withdraw(step);
        return false;
    }

    private static (string Id, bool Open) IdOf(byte[] body)
    {
        var alarm = JsonSerializer.Deserialize(body, ViewJson.Default.AlarmView)!;
        return (alarm.Id, alarm.State != AlarmState.Normal);
    }
}
