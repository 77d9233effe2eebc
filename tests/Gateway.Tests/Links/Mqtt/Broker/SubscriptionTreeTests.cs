using System.Text;
using Gateway.Diagnostics;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Broker;

/// <summary>The tree finds what <see cref="MqttTopic.Matches"/> finds, filter by filter, and forgets what is removed.</summary>
public sealed class SubscriptionTreeTests
{
    private static readonly string[] Words = ["a", "b", "", "+", "$x"];

    [Theory]
    [InlineData("sport/tennis/#", "sport/tennis", true)]
    [InlineData("sport/tennis/#", "sport/tennis/one/two", true)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a/#", "a/$x", true)]
    [InlineData("#", "/", true)]
    [InlineData("a", "A", false)]
    public void Filters_match_as_the_standard_says(string filter, string topic, bool expected)
    {
        var tree = new SubscriptionTree();
        tree.Add(Of(filter));
        Assert.Equal(expected, Found(tree, topic).Count == 1);
    }

    [Fact]
    public void A_thousand_random_filters_and_topics_are_judged_as_one_by_one()
    {
        var random = new Random(7);
        var tree = new SubscriptionTree();
        var kept = new List<Subscription>();
        for (int i = 0; i < 1_000; i++)
        {
            string filter = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length)]));
            if (random.Next(3) == 0) filter += "/#";
            var subscription = Of(random.Next(4) == 0 ? $"$share/g{i}/{filter}" : filter);
            tree.Add(subscription);
            kept.Add(subscription);
            if (random.Next(3) == 0)
            {
                int gone = random.Next(kept.Count);
                tree.Remove(kept[gone]);
                kept.RemoveAt(gone);
            }
            string topic = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Words[random.Next(3)]));
            if (topic.Length == 0) continue;
            var expected = kept.Where(s => MqttTopic.Matches(Encoding.UTF8.GetBytes(Inner(s.Filter)), Encoding.UTF8.GetBytes(topic))).Select(s => s.Filter).Order();
            Assert.Equal(expected, Found(tree, topic).Order());
        }
        Assert.Equal(kept.Count, tree.Count);
        foreach (var subscription in kept) tree.Remove(subscription);
        Assert.Equal(0, tree.Count);
        Assert.True(tree.IsEmpty);
    }

    private static string Inner(string filter) => MqttTopic.TryShared(filter, out _, out string inner) ? inner : filter;

    private static Subscription Of(string filter) => new(SessionFor(), filter, 1, false, false, 0, 0);

    private static List<string> Found(SubscriptionTree tree, string topic)
    {
        var (plain, shared) = (new List<Subscription>(), new List<SharedGroup>());
        tree.Match(topic, plain, shared);
        return [.. plain.Select(s => s.Filter), .. shared.SelectMany(g => g.Members).Select(s => s.Filter)];
    }

    private static MqttSession SessionFor() => new("s", "", null!, new MqttQueueLimits(1, 1, 1), new MqttTally(), new GatewayClock(new SteppedClock()), new MqttHold(long.MaxValue));
}
