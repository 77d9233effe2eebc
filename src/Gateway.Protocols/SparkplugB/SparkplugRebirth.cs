using Google.Protobuf;

namespace Gateway.Protocols.SparkplugB;

/// <summary>The one command a host sends: NCMD with <c>Node Control/Rebirth</c> = true, asking an edge node for its births.</summary>
/// <remarks>
/// <b>Source</b>: [tck-id-operational-behavior-data-commands-ncmd-rebirth-verb, -name, -value]; with a timestamp [tck-id-payloads-ncmd-timestamp], without a
/// sequence number [tck-id-payloads-ncmd-seq], by name because a node must not give this metric an alias [tck-id-operational-behavior-data-commands-rebirth-name-aliases].
/// </remarks>
public static class SparkplugRebirth
{
    private const string Metric = "Node Control/Rebirth";

    /// <summary>QoS 0 [tck-id-payloads-ncmd-qos], not retained [tck-id-payloads-ncmd-retain].</summary>
    public const int Qos = 0;

    /// <summary><c>spBv1.0/{group}/NCMD/{node}</c>.</summary>
    public static byte[] Topic(ReadOnlySpan<byte> group, ReadOnlySpan<byte> node) => [.. SparkplugTopic.Namespace, .. group, .. "/NCMD/"u8, .. node];

    /// <param name="timestampMs">When it is sent, ms of Unix time.</param>
    public static byte[] Payload(long timestampMs)
    {
        ulong at = (ulong)timestampMs;
        byte[] metric = Write(output =>
        {
            output.WriteTag(SparkplugTag.Name);
            output.WriteString(Metric);
            output.WriteTag(SparkplugTag.Timestamp);
            output.WriteUInt64(at);
            output.WriteTag(SparkplugTag.DataType);
            output.WriteUInt32((uint)SparkplugDataType.Boolean);
            output.WriteTag(SparkplugTag.BooleanValue);
            output.WriteBool(true);
        });
        return Write(output =>
        {
            output.WriteTag(SparkplugTag.PayloadTimestamp);
            output.WriteUInt64(at);
            output.WriteTag(SparkplugTag.PayloadMetric);
            output.WriteBytes(ByteString.CopyFrom(metric));
        });
    }

    private static byte[] Write(Action<CodedOutputStream> fields)
    {
        using var to = new MemoryStream();
        using (var output = new CodedOutputStream(to, leaveOpen: true)) fields(output);
        return to.ToArray();
    }
}
