using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttConnectTests
{
    private const string Mqtt311 = "00044D51545404";

    [Fact]
    public void A_connect_with_everything_is_read_whole()
    {
        // flags EE: user, password, will retain, will QoS 1, will, clean session; keep alive 30; id "d1"; will "w" = 01 02; user "u"; password FF.
        var verdict = Parse(Mqtt311 + "EE001E" + "00026431" + "000177" + "00020102" + "000175" + "0001FF", out var connect, out byte level);

        Assert.Equal((MqttConnectVerdict.Accepted, 4), (verdict, level));
        Assert.Equal(("d1", true, 30, "u"), (connect!.ClientId, connect.CleanSession, connect.KeepAliveSeconds, connect.User));
        Assert.Equal([0xFF], connect.Password!);
        Assert.Equal(("w", 1, true), (connect.Will!.Topic, connect.Will.Qos, connect.Will.Retain));
        Assert.Equal([1, 2], connect.Will.Message);
    }

    [Fact]
    public void The_least_connect_has_no_will_user_or_password()
    {
        Assert.Equal(MqttConnectVerdict.Accepted, Parse(Mqtt311 + "020000" + "0000", out var connect, out _));
        Assert.Equal(("", true, 0, null, null, null), (connect!.ClientId, connect.CleanSession, connect.KeepAliveSeconds, connect.Will, connect.User, connect.Password));
    }

    [Theory]
    [InlineData("", MqttConnectVerdict.Malformed, "nothing")]
    [InlineData("0004", MqttConnectVerdict.Malformed, "torn name")]
    [InlineData("00044D515454", MqttConnectVerdict.Malformed, "no level")]
    [InlineData("00044D51545504020000000164", MqttConnectVerdict.Malformed, "another protocol")]
    [InlineData("00064D514973647003020000000164", MqttConnectVerdict.UnsupportedLevel, "3.1")]
    [InlineData("00044D515454050200000000", MqttConnectVerdict.UnsupportedLevel, "5.0")]
    [InlineData(Mqtt311 + "0200", MqttConnectVerdict.Malformed, "torn keep alive")]
    [InlineData(Mqtt311 + "030000" + "000164", MqttConnectVerdict.Malformed, "reserved flag [MQTT-3.1.2-3]")]
    [InlineData(Mqtt311 + "0A0000" + "000164", MqttConnectVerdict.Malformed, "will QoS without a will [MQTT-3.1.2-13]")]
    [InlineData(Mqtt311 + "220000" + "000164", MqttConnectVerdict.Malformed, "will retain without a will [MQTT-3.1.2-15]")]
    [InlineData(Mqtt311 + "1E0000" + "000164" + "000177" + "0000", MqttConnectVerdict.Malformed, "will QoS 3 [MQTT-3.1.2-14]")]
    [InlineData(Mqtt311 + "420000" + "000164" + "0000", MqttConnectVerdict.Malformed, "password without user [MQTT-3.1.2-22]")]
    [InlineData(Mqtt311 + "020000", MqttConnectVerdict.Malformed, "no client id")]
    [InlineData(Mqtt311 + "020000" + "000264", MqttConnectVerdict.Malformed, "torn client id")]
    [InlineData(Mqtt311 + "060000" + "000164" + "0000" + "0000", MqttConnectVerdict.Malformed, "will without a topic")]
    [InlineData(Mqtt311 + "820000" + "000164", MqttConnectVerdict.Malformed, "user promised and not sent")]
    [InlineData(Mqtt311 + "020000" + "000164" + "00", MqttConnectVerdict.Malformed, "bytes left over")]
    [InlineData(Mqtt311 + "020000" + "0002C328", MqttConnectVerdict.Malformed, "client id that is no UTF-8 [MQTT-1.5.3-1]")]
    [InlineData(Mqtt311 + "000000" + "0000", MqttConnectVerdict.ClientIdRejected, "no id and a session to keep [MQTT-3.1.3-8]")]
    public void A_connect_against_the_standard_is_not_accepted(string hex, MqttConnectVerdict verdict, string what) =>
        Assert.Equal((what, verdict), (what, Parse(hex, out _, out _)));

    [Fact]
    public void Every_torn_connect_is_malformed()
    {
        byte[] whole = Convert.FromHexString(Mqtt311 + "EE001E" + "00026431" + "000177" + "00020102" + "000175" + "0001FF");
        for (int length = 0; length < whole.Length; length++) Assert.Equal(MqttConnectVerdict.Malformed, MqttConnect.TryParse(whole.AsSpan(0, length), out _, out _));
    }

    private static MqttConnectVerdict Parse(string hex, out MqttConnect? connect, out byte level) => MqttConnect.TryParse(Convert.FromHexString(hex), out connect, out level);
}
