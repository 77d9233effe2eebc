using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttReasonTests
{
    [Fact]
    public void Connack_takes_the_reasons_of_table_3_1_and_no_others()
    {
        byte[] listed = [0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F];
        for (int code = 0; code <= 255; code++)
            Assert.Equal((code, listed.Contains((byte)code)), (code, MqttConnack.TryParse([0, (byte)code, 0], MqttVersion.V5, out _).IsOk));
    }

    [Fact]
    public void Every_return_code_of_3_1_1_comes_back_as_itself()
    {
        foreach (var code in Enum.GetValues<MqttReturnCode>()) Assert.Equal(code, code.ToReason()!.Value.ToReturnCode());
        Assert.Null(((MqttReturnCode)6).ToReason());
    }

    [Theory]
    [InlineData(MqttReason.Banned, MqttReturnCode.NotAuthorized)]
    [InlineData(MqttReason.BadAuthenticationMethod, MqttReturnCode.NotAuthorized)]
    [InlineData(MqttReason.ServerBusy, MqttReturnCode.ServerUnavailable)]
    [InlineData(MqttReason.QuotaExceeded, MqttReturnCode.ServerUnavailable)]
    [InlineData(MqttReason.UnspecifiedError, MqttReturnCode.ServerUnavailable)]
    public void A_reason_that_3_1_1_has_no_word_for_is_said_with_the_nearest(MqttReason reason, MqttReturnCode code) => Assert.Equal(code, reason.ToReturnCode());

    [Fact]
    public void A_verdict_says_what_is_wrong_and_where_that_stands()
    {
        Assert.Equal("topic filter with # not at its end [MQTT-4.7.1-1]", MqttTopic.CheckFilter("a/#/b"u8).ToString());
        Assert.Equal("ok", MqttVerdict.Ok.ToString());
        Assert.True(default(MqttVerdict).IsOk);
    }
}
