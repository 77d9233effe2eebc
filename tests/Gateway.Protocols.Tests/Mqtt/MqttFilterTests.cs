using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public class MqttFilterTests
{
    [Theory]
    [InlineData("a/b/c", "a/b/c", true)]
    [InlineData("a/b/c", "a/b/d", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/#", "a/+/c", true)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/+/#", true)]
    [InlineData("a/#", "ab/c", false)]
    [InlineData("a/#", "+/c", false)]
    [InlineData("a/#", "#", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/b/c", "a/+/c", false)]
    [InlineData("+/+", "a/b", true)]
    [InlineData("+/+", "+/b", true)]
    [InlineData("+", "a/b", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "+/b", true)]
    [InlineData("#", "#", true)]
    [InlineData("#", "/", true)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("+/broker", "$SYS/broker", false)]
    [InlineData("$SYS/#", "$SYS/broker/+", true)]
    [InlineData("$SYS/#", "#", false)]
    [InlineData("spBv1.0/g/+/n/#", "spBv1.0/g/NCMD/n", true)]
    [InlineData("spBv1.0/g/+/n/#", "spBv1.0/g/DCMD/n/d", true)]
    [InlineData("spBv1.0/g/+/n/#", "spBv1.0/g/+/+/d", false)]
    public void A_filter_covers_another_when_every_name_of_that_one_is_its_own(string outer, string inner, bool covers) => Assert.Equal(covers, MqttFilter.Covers(outer, inner));

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/+", "+/b", true)]
    [InlineData("a/+/c", "a/b/#", true)]
    [InlineData("a/b/#", "a/b", true)]
    [InlineData("a/b/#", "a", false)]
    [InlineData("a/b/#", "a/+", true)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "+", true)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("a//c", "a/+/c", true)]
    public void Filters_overlap_when_some_name_falls_under_both(string a, string b, bool overlap)
    {
        Assert.Equal(overlap, MqttFilter.Overlap(a, b));
        Assert.Equal(overlap, MqttFilter.Overlap(b, a));
    }

    /// <summary>Every pair of filters of up to three levels, against every name of up to three levels: a claim about all names is checked on all names.</summary>
    [Fact]
    public void Both_verdicts_agree_with_matching_on_all_small_filters_and_names()
    {
        string[] names = [.. Paths(["a", "b", "$x"], 4)], filters = [.. Paths(["a", "$x", "+"], 3).SelectMany(f => (string[])[f, f + "/#"]), "#"];
        byte[][] utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];
        var under = filters.ToDictionary(f => f, f => utf8.Select(n => MqttTopic.Matches(Encoding.UTF8.GetBytes(f), n)).ToArray());
        foreach (string a in filters)
        {
            foreach (string b in filters)
            {
                bool all = !under[b].Zip(under[a]).Any(m => m.First && !m.Second), any = under[a].Zip(under[b]).Any(m => m.First && m.Second);
                // Names longer than those tried tell "a/+/+" from "a/#": a yes must hold, a no may be careful.
                if (MqttFilter.Covers(a, b)) Assert.True(all, $"{a} covers {b}");
                Assert.True(any == MqttFilter.Overlap(a, b), $"{a} and {b}");
            }
        }
    }

    private static IEnumerable<string> Paths(string[] levels, int depth) =>
        depth == 1 ? levels : levels.Concat(Paths(levels, depth - 1).SelectMany(rest => levels.Select(l => $"{l}/{rest}")));
}
