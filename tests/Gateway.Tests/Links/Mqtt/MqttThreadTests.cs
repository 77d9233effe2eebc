using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Many threads at once, as on a listener with many polling threads: nothing is lost, doubled, out of order or left waiting for ever.</summary>
public sealed class MqttThreadTests
{
    private const int PublishersMax = 3;
    private const int Messages = 1_500;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publishers_subscribers_and_commits_on_threads_of_their_own_lose_nothing(bool kept)
    {
        using var rig = new MqttRig(o => (o.InflightMax, o.QueueMessagesMax) = (65_535, 100_000));
        RigClient[] subscribers = [.. Enumerable.Range(0, 3).Select(i => rig.Connect($"s{i}", kept: kept))];
        for (int i = 0; i < subscribers.Length; i++) subscribers[i].Subscribe("t/#", i);
        var limit = TestContext.Current.CancellationToken;
        using var done = new CancellationTokenSource();
        var engine = Task.Run(() => { while (!done.IsCancellationRequested) rig.Round(); }, limit);
        var churn = Task.Run(() => { for (int i = 0; !done.IsCancellationRequested; i++) Churn(rig, i); }, limit);
        var publishers = Enumerable.Range(0, PublishersMax).Select(p => Task.Run(() => Publish(rig, p), limit));
        var received = subscribers.Select(s => Task.Run(() => Receive(s, limit), limit)).ToArray();
        await Task.WhenAll(publishers);
        var texts = await Task.WhenAll(received);
        await done.CancelAsync();
        await Task.WhenAll(engine, churn);
        foreach (var got in texts)
            for (int p = 0; p < PublishersMax; p++) Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"{p} {i}"), got.Where(t => t.StartsWith($"{p} ")));
        Assert.Equal(0, rig.Tally.DroppedQueueFull);
    }

    /// <summary>Somebody comes, subscribes, is taken over and goes: the tables change under everybody's hands.</summary>
    private static void Churn(MqttRig rig, int turn)
    {
        var one = rig.Open();
        one.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "churn", CleanStart = turn % 3 == 0, SessionExpirySeconds = turn % 2 == 0 ? 60u : 0 });
        one.Ask(0, new MqttSubscription("t/#", 1, false, false, 0), new MqttSubscription("$share/g/t/#", 2, false, false, 0));
        if (turn % 5 == 0) one.Drop();
        one.Read();
    }

    private static void Publish(MqttRig rig, int number)
    {
        var client = rig.Open();
        client.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = $"p{number}", CleanStart = true });
        client.Answers = false;
        for (int i = 0; i < Messages; i++)
        {
            // QoS 2 alone would be exactly once by itself; of 0 and 1 nothing is lost because nobody's connection is.
            client.Publish($"t/{number}", $"{number} {i}", 2);
            foreach (var packet in client.Read().Where(p => p.Type == MqttPacketType.Pubrec)) client.Ack(MqttPacketType.Pubrel, packet.Id);
        }
    }

    private static List<string> Receive(RigClient subscriber, CancellationToken limit)
    {
        var texts = new List<string>();
        while (texts.Count < PublishersMax * Messages)
        {
            limit.ThrowIfCancellationRequested();
            texts.AddRange(subscriber.Texts());
        }
        return texts;
    }
}
