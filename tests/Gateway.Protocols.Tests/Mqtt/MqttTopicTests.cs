using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttTopicTests
{
    /// <summary>The examples of §4.7.1.2, §4.7.1.3, §4.7.2 and §4.7.3, and what lies between them.</summary>
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player10", false)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("sport/#", "sport/", true)]
    [InlineData("#", "sport/tennis", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player2", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+", "sport", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+/tennis/#", "sport/tennis", true)]
    [InlineData("+/tennis/#", "sport/tennis/a/b", true)]
    [InlineData("+/tennis/#", "sport/golf", false)]
    [InlineData("sport/+/player1", "sport/tennis/player1", true)]
    [InlineData("sport/+/player1", "sport//player1", true)]
    [InlineData("sport/+/player1", "sport/tennis/player2", false)]
    [InlineData("#", "$SYS/monitor/Clients", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/monitor/Clients", true)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("+/+", "a/$SYS", true)]
    [InlineData("ACCOUNTS", "Accounts", false)]
    [InlineData("Accounts payable", "Accounts payable", true)]
    [InlineData("/finance", "finance", false)]
    [InlineData("finance", "finance/", false)]
    [InlineData("finance/", "finance", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a//b", "a/b", false)]
    [InlineData("/", "/", true)]
    [InlineData("+/+/+", "//", true)]
    [InlineData("site/+/crane/#", "site/工地/crane/塔机-1/telemetry", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("a/b/#", "a", false)]
    public void A_filter_matches_as_the_standard_says(string filter, string name, bool matches)
    {
        Assert.True(MqttTopic.CheckFilter(Utf8(filter)).IsOk);
        Assert.True(MqttTopic.CheckName(Utf8(name)).IsOk);
        Assert.Equal(matches, MqttTopic.Matches(Utf8(filter), Utf8(name)));
    }

    [Fact]
    public void Nothing_matches_an_empty_filter_or_name()
    {
        Assert.False(MqttTopic.Matches([], Utf8("a")));
        Assert.False(MqttTopic.Matches(Utf8("#"), []));
        Assert.False(MqttTopic.Matches([], []));
    }

    [Theory]
    [InlineData("", MqttReason.MalformedPacket, "MQTT-4.7.3-1")]
    [InlineData("sport/tennis#", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    [InlineData("sport/tennis/#/ranking", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    [InlineData("##", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    [InlineData("#/", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    [InlineData("a/#b", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    [InlineData("sport+", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-2")]
    [InlineData("+sport", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-2")]
    [InlineData("a/+b/c", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-2")]
    [InlineData("++", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-2")]
    [InlineData("a\0", MqttReason.MalformedPacket, "MQTT-1.5.4-2")]
    [InlineData("$share/", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-1")]
    [InlineData("$share//a", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-1")]
    [InlineData("$share/group", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-2")]
    [InlineData("$share/group/", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-2")]
    [InlineData("$share/gr+up/a", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-2")]
    [InlineData("$share/#/a", MqttReason.TopicFilterInvalid, "MQTT-4.8.2-2")]
    [InlineData("$share/group/a#", MqttReason.TopicFilterInvalid, "MQTT-4.7.1-1")]
    public void A_filter_against_the_standard_is_told_with_its_clause(string filter, MqttReason reason, string clause)
    {
        var verdict = MqttTopic.CheckFilter(Utf8(filter));
        Assert.Equal((reason, clause), (verdict.Reason, verdict.Clause));
    }

    [Theory]
    [InlineData("", "MQTT-4.7.3-1")]
    [InlineData("#", "MQTT-4.7.0-1")]
    [InlineData("a/+", "MQTT-4.7.0-1")]
    [InlineData("工地/+", "MQTT-4.7.0-1")]
    [InlineData("a\0b", "MQTT-1.5.4-2")]
    [InlineData("a\nb", "§1.5.4")]
    public void A_name_against_the_standard_is_malformed(string name, string clause)
    {
        var verdict = MqttTopic.CheckName(Utf8(name));
        Assert.Equal((MqttReason.MalformedPacket, clause), (verdict.Reason, verdict.Clause));
    }

    [Fact]
    public void Names_and_filters_end_at_65535_bytes()
    {
        byte[] longest = new byte[65_535];
        longest.AsSpan().Fill((byte)'a');
        Assert.True(MqttTopic.CheckName(longest).IsOk);
        Assert.True(MqttTopic.CheckFilter(longest).IsOk);
        Assert.Equal("MQTT-4.7.3-3", MqttTopic.CheckName([.. longest, (byte)'a']).Clause);
        Assert.Equal("MQTT-4.7.3-3", MqttTopic.CheckFilter([.. longest, (byte)'a']).Clause);
    }

    /// <summary>The forms of §4.8.2, and names that only look like them.</summary>
    [Theory]
    [InlineData("$share/consumer1/sport/tennis/+", true, "consumer1", "sport/tennis/+")]
    [InlineData("$share/consumer1//finance", true, "consumer1", "/finance")]
    [InlineData("$share/g/#", true, "g", "#")]
    [InlineData("$share/g/$SYS/#", true, "g", "$SYS/#")]
    [InlineData("$share", false, "", "$share")]
    [InlineData("$shared/g/a", false, "", "$shared/g/a")]
    [InlineData("$SHARE/g/a", false, "", "$SHARE/g/a")]
    [InlineData("a/$share/g", false, "", "a/$share/g")]
    public void A_shared_subscription_is_group_and_filter(string filter, bool shared, string group, string inner)
    {
        Assert.True(MqttTopic.CheckFilter(Utf8(filter)).IsOk);
        Assert.Equal((shared, group, inner), (MqttTopic.TryShared(filter, out string g, out string i), g, i));
    }

    [Theory]
    [InlineData("$share/")]
    [InlineData("$share//a")]
    [InlineData("$share/group")]
    [InlineData("$share/group/")]
    [InlineData("$share/gr+up/a")]
    [InlineData("$share/#/a")]
    public void A_malformed_shared_subscription_is_none(string filter) => Assert.False(MqttTopic.TryShared(filter, out _, out _));

    /// <summary>A second reading of §4.7, level by level, as slow as it is plain.</summary>
    [Fact]
    public void Random_filters_match_as_a_plain_reading_of_the_standard_does()
    {
        var random = new Random(47);
        string[] levels = ["", "a", "b", "aa", "$a", "+", "#"];
        int matched = 0;
        for (int round = 0; round < 200_000; round++)
        {
            string filter = Join(random, levels, levels.Length), name = Join(random, levels, levels.Length - 2);
            if (!MqttTopic.CheckFilter(Utf8(filter)).IsOk || name.Length == 0) continue;
            bool plain = Plain(filter.Split('/'), name.Split('/')) && !(name[0] == '$' && filter[0] is '+' or '#');
            if (plain) matched++;
            if (plain != MqttTopic.Matches(Utf8(filter), Utf8(name))) Assert.Fail($"{filter} over {name}: {!plain}");
        }
        Assert.True(matched > 10_000, $"only {matched} matched");
    }

    private static bool Plain(ReadOnlySpan<string> filter, ReadOnlySpan<string> name)
    {
        if (filter.IsEmpty) return name.IsEmpty;
        if (filter[0] == "#") return true;
        return !name.IsEmpty && (filter[0] == "+" || filter[0] == name[0]) && Plain(filter[1..], name[1..]);
    }

    private static string Join(Random random, string[] levels, int count) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(count)]));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
