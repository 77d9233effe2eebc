using System.Text;
using Gateway.Protocols.SparkplugB;
using Xunit;

namespace Gateway.Protocols.Tests.SparkplugB;

public sealed class SparkplugTopicTests
{
    [Theory]
    [InlineData("spBv1.0/g/NBIRTH/n", SparkplugMessageType.NBirth, "g", "n", "")]
    [InlineData("spBv1.0/g/NDEATH/n", SparkplugMessageType.NDeath, "g", "n", "")]
    [InlineData("spBv1.0/g/NDATA/n", SparkplugMessageType.NData, "g", "n", "")]
    [InlineData("spBv1.0/g/NCMD/n", SparkplugMessageType.NCmd, "g", "n", "")]
    [InlineData("spBv1.0/g/DBIRTH/n/d", SparkplugMessageType.DBirth, "g", "n", "d")]
    [InlineData("spBv1.0/g/DDEATH/n/d", SparkplugMessageType.DDeath, "g", "n", "d")]
    [InlineData("spBv1.0/g/DDATA/n/d", SparkplugMessageType.DData, "g", "n", "d")]
    [InlineData("spBv1.0/g/DCMD/n/d", SparkplugMessageType.DCmd, "g", "n", "d")]
    [InlineData("spBv1.0/STATE/host", SparkplugMessageType.State, "", "host", "")]
    [InlineData("spBv1.0/STATE/NDATA/n", SparkplugMessageType.NData, "STATE", "n", "")]
    [InlineData("spBv1.0/一号 工地/DDATA/塔机 网关/1号", SparkplugMessageType.DData, "一号 工地", "塔机 网关", "1号")]
    public void A_topic_is_its_type_and_its_ids(string topic, SparkplugMessageType type, string group, string node, string device)
    {
        Assert.Equal(SparkplugTopicVerdict.Sparkplug, SparkplugTopic.TryParse(Encoding.UTF8.GetBytes(topic), out var parsed));
        Assert.Equal((type, group, node, device), (parsed.Type, Encoding.UTF8.GetString(parsed.Group), Encoding.UTF8.GetString(parsed.Node), Encoding.UTF8.GetString(parsed.Device)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("spBv1.0")]
    [InlineData("spbv1.0/g/NDATA/n")]
    [InlineData("spAv1.0/g/NDATA/n")]
    [InlineData("site/s1/crane/c1/telemetry")]
    [InlineData("STATE/host")]
    public void Another_namespace_is_left_to_others(string topic) => Assert.Equal(SparkplugTopicVerdict.Foreign, Parse(topic));

    [Theory]
    [InlineData("spBv1.0/")]
    [InlineData("spBv1.0/g")]
    [InlineData("spBv1.0/g/NDATA")]
    [InlineData("spBv1.0/g/NDATA/n/d")]
    [InlineData("spBv1.0/g/DDATA/n")]
    [InlineData("spBv1.0/g/DDATA/n/d/e")]
    [InlineData("spBv1.0/g/DDATA/n/d/e/f/g/h/i")]
    [InlineData("spBv1.0/g/ndata/n")]
    [InlineData("spBv1.0/g/DATA/n")]
    [InlineData("spBv1.0//NDATA/n")]
    [InlineData("spBv1.0/g/NDATA/")]
    [InlineData("spBv1.0/g/DDATA/n/")]
    [InlineData("spBv1.0/g/NDATA/+")]
    [InlineData("spBv1.0/#")]
    [InlineData("spBv1.0/STATE")]
    [InlineData("spBv1.0/STATE/")]
    [InlineData("spBv1.0/STATE/a/b")]
    [InlineData("spBv1.0/g/NDATA/a\nb")]
    [InlineData("spBv1.0/g/NDATA/a\u0000b")]
    public void What_breaks_the_namespace_is_malformed(string topic) => Assert.Equal(SparkplugTopicVerdict.Malformed, Parse(topic));

    [Fact]
    public void An_id_has_its_longest_length_and_must_be_UTF_8()
    {
        Assert.Equal(SparkplugTopicVerdict.Sparkplug, Parse("spBv1.0/g/NDATA/" + new string('n', SparkplugLimits.IdBytesMax)));
        Assert.Equal(SparkplugTopicVerdict.Malformed, Parse("spBv1.0/g/NDATA/" + new string('n', SparkplugLimits.IdBytesMax + 1)));
        Assert.Equal(SparkplugTopicVerdict.Malformed, SparkplugTopic.TryParse([.. "spBv1.0/g/NDATA/"u8, 0xD5, 0xC5], out _));
    }

    [Fact]
    public void Noise_below_the_root_ends_in_a_verdict()
    {
        var random = new Random(20_260_305);
        byte[] good = Encoding.UTF8.GetBytes("spBv1.0/site/DDATA/node/crane");
        int sparkplug = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 5); n > 0; n--) bad[random.Next(8, bad.Length)] = (byte)random.Next(256);
            if (SparkplugTopic.TryParse(bad, out var parsed) != SparkplugTopicVerdict.Sparkplug) continue;
            Assert.False(parsed.Group.IsEmpty || parsed.Node.IsEmpty);
            sparkplug++;
        }
        Assert.InRange(sparkplug, 100, 99_000);
    }

    private static SparkplugTopicVerdict Parse(string topic) => SparkplugTopic.TryParse(Encoding.UTF8.GetBytes(topic), out _);
}
