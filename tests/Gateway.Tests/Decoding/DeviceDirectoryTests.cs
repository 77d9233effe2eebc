using Gateway.Domain.Ledger;
using Gateway.Tests.Links.MqttClient;
using Xunit;

namespace Gateway.Tests.Decoding;

/// <summary>The same address is another device on each broker, and another one on our own listener.</summary>
public sealed class DeviceDirectoryTests
{
    private readonly TestSite _site = BrokerSite.Create();

    [Theory]
    [InlineData("site/s1/crane/y1", "yard", "y1")]
    [InlineData("site/s1/crane/y1", "lessor", "l1")]
    [InlineData("site/s1/crane/y1", null, null)]
    [InlineData("site/s1/crane/y1", "elsewhere", null)]
    [InlineData("site/s1/crane/c1", null, "c1")]
    [InlineData("site/s1/crane/c1", "yard", null)]
    [InlineData("cameras/3", "yard", "y3")]
    public void A_topic_belongs_to_its_broker(string topic, string? broker, string? device)
    {
        Assert.Equal(device, _site.Directory.Find(LinkKind.Mqtt, topic, broker)?.Id);
        Assert.Equal(device, _site.Directory.OnTopic(topic, broker)?.First.Id);
    }

    [Fact]
    public void A_stranger_of_one_name_on_two_brokers_is_two_strangers()
    {
        var profile = _site.Catalog["crane-json"];
        var first = _site.Directory.Unregistered(LinkKind.Mqtt, "site/s1/crane/x", "x@yard", profile, out bool firstIsNew, "yard");
        var second = _site.Directory.Unregistered(LinkKind.Mqtt, "site/s1/crane/x", "x@lessor", profile, out bool secondIsNew, "lessor");
        var third = _site.Directory.Unregistered(LinkKind.Mqtt, "site/s1/crane/x", "x", profile, out bool thirdIsNew);
        Assert.Equal((true, true, true), (firstIsNew, secondIsNew, thirdIsNew));
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Same(first, _site.Directory.Unregistered(LinkKind.Mqtt, "site/s1/crane/x", "x@yard", profile, out bool again, "yard"));
        Assert.False(again);
    }
}
