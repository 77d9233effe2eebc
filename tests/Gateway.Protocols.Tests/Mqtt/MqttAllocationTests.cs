using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttAllocationTests
{
    private const string Topic = "site/工地/crane/c-1/telemetry";

    [Theory]
    [InlineData(MqttVersion.V311, $"32 [<{Topic}> 0102 '{{wind: 7.5}}'] 40 [0102]", 0)]
    [InlineData(MqttVersion.V311, $"32 [<{Topic}> 0102 '{{wind: 7.5}}'] 40 [0102]", 3)]
    [InlineData(MqttVersion.V5, $"32 [<{Topic}> 0102 [] 'x'] 62 [0102]", 0)]
    [InlineData(MqttVersion.V5, $"3C [<> 0102 [23 0001 02 0000003C 26 <k> <v>] 'x'] 50 [0102 10 [1F <why>]]", 0)]
    public void Publish_and_acknowledgements_are_read_and_written_without_allocating(MqttVersion version, string packets, int cut)
    {
        byte[] bytes = MqttNotation.Bytes(packets);
        var input = cut == 0 ? new ReadOnlySequence<byte>(bytes) : Scattered.At(bytes, cut);
        var output = new ArrayBufferWriter<byte>(1024);
        byte[] scratch = new byte[1024];

        Assert.Equal(0, LeastOf(() => Run(input, version, output, scratch, 10_000), 20_000));
    }

    [Fact]
    public void Refusing_allocates_nothing()
    {
        byte[] publish = MqttNotation.Bytes("<a/b/#> 0102"), subscribe = MqttNotation.Bytes("0001 <>");
        Assert.Equal(0, LeastOf(() => Refuse(publish, subscribe, 10_000), 40_000));
    }

    private static int Refuse(byte[] publish, byte[] subscribe, int times)
    {
        int refused = 0;
        for (int i = 0; i < times; i++)
        {
            if (!MqttPublish.TryParse(2, publish, MqttVersion.V311, MqttRole.Client, out _).IsOk) refused++;
            if (!MqttAck.TryParse(MqttPacketType.Puback, [0, 0], MqttVersion.V311, out _).IsOk) refused++;
            if (!MqttTopic.CheckFilter("$share/a"u8).IsOk) refused++;
            if (!MqttUnsubscribe.TryParse(subscribe.AsSpan(0, 1), MqttVersion.V311, out _).IsOk) refused++;
        }
        return refused;
    }

    /// <summary>Bytes allocated by one run. The runtime allocates now and then of its own when it compiles a method anew; the codec would do so in every run.</summary>
    private static long LeastOf(Func<int> run, int expected)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int done = run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(expected, done);
        }
        return least;
    }

    private static int Run(in ReadOnlySequence<byte> input, MqttVersion version, ArrayBufferWriter<byte> output, byte[] scratch, int times)
    {
        int taken = 0;
        for (int i = 0; i < times; i++)
        {
            output.ResetWrittenCount();
            var rest = input;
            while (MqttFrame.TryRead(ref rest, 65_536, out var frame, out _) == OperationStatus.Done)
            {
                frame.Body.CopyTo(scratch);
                if (Answer(frame.Type, frame.Flags, scratch.AsSpan(0, (int)frame.Body.Length), version, output)) taken++;
            }
        }
        return taken;
    }

    private static bool Answer(MqttPacketType type, byte flags, ReadOnlySpan<byte> body, MqttVersion version, ArrayBufferWriter<byte> output)
    {
        if (type != MqttPacketType.Publish)
        {
            bool isAck = MqttAck.TryParse(type, body, version, out var ack).IsOk;
            MqttWriter.Ack(output, version, MqttPacketType.Pubrel, ack.PacketId);
            return isAck;
        }
        bool isPublish = MqttPublish.TryParse(flags, body, version, MqttRole.Client, out var publish).IsOk;
        Span<byte> forward = stackalloc byte[MqttProperties.ForwardableLength(publish.Properties)];
        MqttProperties.CopyForwardable(publish.Properties, forward);
        MqttWriter.Publish(output, version, publish.Topic, publish.Payload, new MqttPublishHead { Qos = 1, PacketId = 7, MessageExpirySeconds = publish.MessageExpirySeconds, TopicAlias = publish.TopicAlias }, forward);
        MqttWriter.Ack(output, version, MqttPacketType.Puback, publish.PacketId);
        return isPublish;
    }
}
