using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttWriterTests
{
    [Fact]
    public void Pings_are_two_bytes()
    {
        Assert.Equal("C000", MqttAny.Hex(MqttWriter.Pingreq));
        Assert.Equal("D000", MqttAny.Hex(MqttWriter.Pingresp));
    }

    [Fact]
    public void What_has_no_form_on_the_wire_is_the_callers_mistake_and_nothing_is_written()
    {
        string tooLong = new('x', 65_536);
        Action<IBufferWriter<byte>>[] writes =
        [
            to => MqttWriter.Publish(to, MqttVersion.V5, new byte[65_536], [], default),
            to => MqttWriter.Ack(to, MqttVersion.V5, MqttPacketType.Puback, 1, MqttReason.NotAuthorized, tooLong),
            to => MqttWriter.Connect(to, new MqttConnect { Version = MqttVersion.V311, ClientId = tooLong }),
            to => MqttWriter.Connack(to, MqttVersion.V5, new MqttConnack { ReasonString = tooLong }),
            to => MqttWriter.Unsubscribe(to, MqttVersion.V5, new MqttUnsubscribe(1, [tooLong])),
        ];
        foreach (var write in writes)
        {
            var to = new ArrayBufferWriter<byte>();
            Assert.Throws<ArgumentOutOfRangeException>(() => write(to));
            Assert.Equal(0, to.WrittenCount);
        }
    }

    [Fact]
    public void The_longest_text_fits()
    {
        string longest = new('x', 65_535);
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Connect(to, new MqttConnect { Version = MqttVersion.V311, ClientId = longest, CleanStart = true }));
        Assert.True(MqttConnect.TryParse(MqttAny.Body(packet), out var read, out _).IsOk);
        Assert.Equal(longest, read!.ClientId);
    }
}
