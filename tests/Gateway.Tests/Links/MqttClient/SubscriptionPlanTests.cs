using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.MqttClient;

public sealed class SubscriptionPlanTests
{
    private static readonly MqttSubscription A = SubscriptionPlan.Subscription("a/#", 1), B = SubscriptionPlan.Subscription("b/+", 2), C = SubscriptionPlan.Subscription("c", 0);

    [Fact]
    public void A_new_session_is_asked_for_everything_whatever_is_remembered()
    {
        var plan = SubscriptionPlan.Of([A, B], [A, B, C], sessionPresent: false);
        Assert.Equal([A, B], plan.Ask);
        Assert.Empty(plan.Drop);
    }

    [Fact]
    public void A_kept_session_is_asked_for_what_is_new_and_rid_of_what_nobody_wants()
    {
        var plan = SubscriptionPlan.Of([A, B with { Qos = 1 }], [A, B, C], sessionPresent: true);
        Assert.Equal([B with { Qos = 1 }], plan.Ask);
        Assert.Equal(["c"], plan.Drop);
        Assert.True(SubscriptionPlan.Of([A, B], [B, A], sessionPresent: true).IsEmpty);
    }

    [Fact]
    public void A_kept_session_of_which_nothing_is_known_is_asked_for_everything() => Assert.Equal([A, B], SubscriptionPlan.Of([A, B], null, sessionPresent: true).Ask);

    [Fact]
    public void What_is_remembered_of_a_session_is_read_back_and_is_void_for_another()
    {
        string text = SubscriptionPlan.ToText("broker:1883 gateway-1", [A, B]);
        Assert.Equal([A, B], SubscriptionPlan.FromText("broker:1883 gateway-1", text));
        Assert.Null(SubscriptionPlan.FromText("broker:1883 gateway-2", text));
        Assert.Null(SubscriptionPlan.FromText("broker:1883 gateway-1", null));
        Assert.Empty(SubscriptionPlan.FromText("s", SubscriptionPlan.ToText("s", []))!);
    }

    [Fact]
    public void Packets_are_cut_by_number_and_by_size_and_hold_everything_once()
    {
        var filters = Enumerable.Range(0, 120).Select(n => $"site/s1/crane/c{n}/#").ToList();
        Assert.Equal([50, 50, 20], SubscriptionPlan.Packets(filters, f => f, uint.MaxValue).Select(p => p.Count));
        var small = SubscriptionPlan.Packets(filters, f => f, 100).ToList();
        Assert.Equal(filters, small.SelectMany(p => p));
        Assert.All(small, p => Assert.True(Length(p) <= 100, $"{Length(p)} bytes"));
        Assert.Equal(["f"], Assert.Single(SubscriptionPlan.Packets(["f"], f => f, 10)));
    }

    [Fact]
    public void Without_topics_of_the_operator_everything_below_the_broker_s_devices_is_wanted()
    {
        var site = BrokerSite.Create();
        Assert.Equal([("site/s1/crane/y1/#", 1), ("site/s1/crane/y2/#", 1), ("cameras/3/#", 1)], Wanted(site, new BrokerOptions { Id = "yard" }));
        Assert.Equal([("site/s1/crane/y1/#", 1)], Wanted(site, new BrokerOptions { Id = "lessor" }));
        Assert.Empty(Wanted(site, new BrokerOptions { Id = "other" }));
        Assert.Equal([("$share/g/x/#", 2)], Wanted(site, new BrokerOptions { Id = "yard", Topics = [new BrokerTopicOptions { Filter = "$share/g/x/#", Qos = 2 }] }));
    }

    private static IEnumerable<(string, int)> Wanted(TestSite site, BrokerOptions options) => MqttClientLink.WantedOf(options, site.Ledger).Select(s => (s.Filter, s.Qos));

    private static int Length(IReadOnlyList<string> filters)
    {
        var to = new System.Buffers.ArrayBufferWriter<byte>();
        MqttWriter.Subscribe(to, MqttVersion.V5, new MqttSubscribe(1, 0, [.. filters.Select(f => SubscriptionPlan.Subscription(f, 1))]));
        return to.WrittenCount;
    }
}
