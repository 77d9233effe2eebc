using System.Text;
using Gateway.Links.Mqtt.Access;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

public class TopicFiltersTests
{
    [Theory]
    [InlineData("a/b", true)]
    [InlineData("a", true)]
    [InlineData("b/x/c", true)]
    [InlineData("b/x/d", false)]
    [InlineData("a/secret", false)]
    [InlineData("a/secret/deep", false)]
    [InlineData("a/public/secret", true)]
    [InlineData("c", false)]
    public void A_name_needs_a_filter_that_allows_it_and_none_that_denies_it(string topic, bool allowed) =>
        Assert.Equal(allowed, new TopicFilters(["a/#", "b/+/c", "!a/secret/#"]).Allow(Encoding.UTF8.GetBytes(topic)));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("b/+/c", true)]
    [InlineData("b/x/c", true)]
    [InlineData("b/#", false)]
    [InlineData("a/public/#", true)]
    // Part of it is denied, so the whole of it is.
    [InlineData("a/#", false)]
    [InlineData("a/+", false)]
    [InlineData("a/secret", false)]
    [InlineData("#", false)]
    public void A_filter_must_be_covered_whole_and_touch_nothing_that_is_denied(string filter, bool allowed) =>
        Assert.Equal(allowed, new TopicFilters(["a/#", "b/+/c", "!a/secret/#"]).AllowAll(filter));

    [Fact]
    public void The_order_of_filters_means_nothing()
    {
        Assert.False(new TopicFilters(["!a/b", "a/#"]).AllowAll("a/b"));
        Assert.False(new TopicFilters(["a/#", "!a/b"]).AllowAll("a/b"));
    }

    [Fact]
    public void Nothing_is_allowed_by_an_empty_list_or_one_that_only_denies()
    {
        Assert.False(new TopicFilters([]).AllowAll("a"));
        Assert.False(new TopicFilters(["!b"]).Allow("a"u8));
    }

    [Theory]
    [InlineData("a/#", true)]
    [InlineData("!a/#", true)]
    [InlineData("$SYS/#", true)]
    [InlineData("", false)]
    [InlineData("!", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+", false)]
    [InlineData("$share/g/a", false)]
    public void What_an_operator_writes_is_checked_as_a_filter(string text, bool good) => Assert.Equal(good, TopicFilters.Fault(text) is null);

    [Fact]
    public void Nobody_publishes_below_a_dollar_whatever_his_filters_say()
    {
        var rights = new FilterRights(["#", "$SYS/#"], ["#"]);
        Assert.False(rights.MayPublish("$SYS/broker/uptime"u8));
        Assert.True(rights.MayPublish("a/$SYS"u8));
        Assert.False(rights.MaySubscribe("$SYS/#"));
    }

    [Theory]
    [InlineData("site/s1/crane/c1/telemetry", true)]
    [InlineData("site/s1/crane/c1", true)]
    [InlineData("site/s1/crane/c10/telemetry", false)]
    [InlineData("site/s1/crane", false)]
    [InlineData("spBv1.0/g/NDATA/n", true)]
    [InlineData("spBv1.0/g/DDATA/n/d/e", true)]
    [InlineData("spBv1.0/g/NDATA/m", false)]
    public void A_tree_of_filters_finds_what_any_of_them_matches(string topic, bool found) =>
        Assert.Equal(found, new FilterTree(["site/s1/crane/c1/#", "spBv1.0/g/+/n/#"]).Matches(Encoding.UTF8.GetBytes(topic)));
}
