using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

/// <summary>One packet that breaks one rule: what is wrong, and which clause says so.</summary>
internal static class MqttRefused
{
    public static void Because(string what, MqttReason reason, string clause, MqttPacketType type, string body, MqttVersion version, MqttRole from = MqttRole.Client, byte flags = 0)
    {
        var verdict = MqttAny.Read(type, flags, MqttNotation.Bytes(body), version, from);
        Assert.Equal((what, reason, clause), (what, verdict.Reason, verdict.Clause));
        Assert.NotEmpty(verdict.What);
    }

    /// <summary>Whatever is cut off the end, the packet is refused and nothing is thrown; <paramref name="valid"/> are the lengths at which the standard lets it end.</summary>
    public static void WhereverItIsTorn(MqttPacketType type, string body, MqttVersion version, MqttRole from = MqttRole.Client, byte flags = 0, params int[] valid)
    {
        byte[] whole = MqttNotation.Bytes(body);
        Assert.True(MqttAny.Read(type, flags, whole, version, from).IsOk);
        for (int length = 0; length < whole.Length; length++)
            Assert.Equal((length, valid.Contains(length)), (length, MqttAny.Read(type, flags, whole.AsSpan(0, length), version, from).IsOk));
        Assert.False(MqttAny.Read(type, flags, [.. whole, 0], version, from).IsOk);
    }
}
