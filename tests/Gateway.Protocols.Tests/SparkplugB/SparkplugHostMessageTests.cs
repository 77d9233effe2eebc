using System.Text;
using Gateway.Protocols.SparkplugB;
using Xunit;

namespace Gateway.Protocols.Tests.SparkplugB;

/// <summary>What a host writes, byte for byte.</summary>
public sealed class SparkplugHostMessageTests
{
    [Fact]
    public void A_rebirth_request_has_a_time_one_metric_by_name_and_no_sequence_number()
    {
        // Payload: 1 varint 300; 2 metric of 29 bytes: 1 name (20 bytes), 3 varint 300, 4 varint 11 (Boolean), 14 varint 1.
        string name = Convert.ToHexString(Encoding.UTF8.GetBytes("Node Control/Rebirth"));
        Assert.Equal("08AC02" + "121D" + "0A14" + name + "18AC02" + "200B" + "7001", Convert.ToHexString(SparkplugRebirth.Payload(300)));
        Assert.Equal("spBv1.0/一号/NCMD/n 1", Encoding.UTF8.GetString(SparkplugRebirth.Topic("一号"u8, "n 1"u8)));
        Assert.Equal(0, SparkplugRebirth.Qos);
    }

    [Fact]
    public void A_state_is_JSON_with_online_and_timestamp()
    {
        Assert.Equal("""{"online":true,"timestamp":1486144502122}""", Encoding.UTF8.GetString(SparkplugState.Payload(true, 1_486_144_502_122)));
        Assert.Equal("""{"online":false,"timestamp":0}""", Encoding.UTF8.GetString(SparkplugState.Payload(false, 0)));
        Assert.Equal("spBv1.0/STATE/gateway", Encoding.UTF8.GetString(SparkplugState.Topic("gateway"u8)));
        Assert.Equal(1, SparkplugState.Qos);
    }

    [Theory]
    [InlineData("""{"online":true,"timestamp":1}""", true)]
    [InlineData("""{ "timestamp": 1, "other": {"online":true}, "online" : false }""", false)]
    [InlineData("""{"online":false}""", false)]
    public void A_state_is_read_in_any_order_and_with_unknown_members(string json, bool expected)
    {
        Assert.True(SparkplugState.TryRead(Encoding.UTF8.GetBytes(json), out bool online));
        Assert.Equal(expected, online);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OFFLINE")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"online":"false"}""")]
    [InlineData("""{"online":false""")]
    [InlineData("""{"online":false}x""")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":1}}}},"online":false}""")]
    public void What_is_no_state_is_none(string json) => Assert.False(SparkplugState.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void A_state_that_is_no_UTF_8_is_none() => Assert.False(SparkplugState.TryRead([.. "{\"\\ud800\":1,\"online\":false,\""u8, 0xD5, .. "\":1}"u8], out _));
}
