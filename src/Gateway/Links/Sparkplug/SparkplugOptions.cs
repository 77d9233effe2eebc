using System.ComponentModel.DataAnnotations;

namespace Gateway.Links.Sparkplug;

/// <summary>Section <c>Sparkplug</c>: the gateway as Sparkplug B host application, over whichever MQTT connection carries it.</summary>
public sealed class SparkplugOptions
{
    /// <summary>Off: topics below <c>spBv1.0/</c> are no business of the gateway. Default on.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Host ID in <c>spBv1.0/STATE/{HostId}</c>; edge nodes that wait for a primary host name it. Unique among all hosts of a broker. Default <c>gateway</c>.</summary>
    [Required]
    [RegularExpression("[^+/#]{1,40}")]
    public string HostId { get; set; } = "gateway";

    /// <summary>How long later messages wait for a missing one before the node is asked for a rebirth, ms. Default 5 000; 0 where the broker keeps the order across topics.</summary>
    [Range(0, 60_000)]
    public int ReorderTimeoutMs { get; set; } = 5_000;

    /// <summary>Least time between two rebirth requests to one node, ms. Default 30 000: a rebirth is the largest message a node has.</summary>
    [Range(1_000, 3_600_000)]
    public int RebirthEveryMs { get; set; } = 30_000;

    /// <summary>Edge nodes that the ledger does not name. Default 200; one more is refused and counted. Those of the ledger always have room.</summary>
    [Range(0, 10_000)]
    public int NodesMax { get; set; } = 200;

    /// <summary>Devices that the ledger does not name, over all nodes. Default 1 000; one more is refused and counted.</summary>
    [Range(0, 100_000)]
    public int DevicesMax { get; set; } = 1_000;

    /// <summary>Metrics in one message. Default 2 000; a message with more is refused whole.</summary>
    [Range(1, 100_000)]
    public int MetricsMax { get; set; } = 2_000;

    /// <summary>Messages of one node that wait for a missing one; when one more comes the gap is given up at once. Default 100.</summary>
    [Range(1, 127)]
    public int HeldMax { get; set; } = 100;

    /// <summary>Bytes that wait so, over all nodes. Default 4 MiB.</summary>
    [Range(65_536, 268_435_456)]
    public int HeldBytesMax { get; set; } = 4 * 1024 * 1024;
}
