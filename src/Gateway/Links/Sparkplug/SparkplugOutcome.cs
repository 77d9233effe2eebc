using Gateway.Decoding;

namespace Gateway.Links.Sparkplug;

/// <summary>What became of a message the carrier handed over.</summary>
/// <param name="Reason">Why it was refused; already counted.</param>
public readonly record struct SparkplugOutcome(SparkplugAnswer Answer, DecodeOutcome Reason = DecodeOutcome.Decoded);

public enum SparkplugAnswer : byte
{
    /// <summary>Dealt with; an acknowledgement that is owed may follow its reading.</summary>
    Taken,
    /// <summary>The ingest buffer has no room: nothing of the message was consumed, hand it over again.</summary>
    Full,
    /// <summary>Another namespace: the message is somebody else's.</summary>
    NotSparkplug,
    /// <summary>It said nothing that could be kept; acknowledge it and go on.</summary>
    Refused,
}

/// <summary>What the host did since the process began, and what it sees now.</summary>
/// <param name="NodesBorn">Edge nodes with a valid birth now.</param>
/// <param name="DevicesBorn">Devices behind them with a valid birth now.</param>
/// <param name="Held">Messages that wait for a missing one now.</param>
/// <param name="Gaps">Gaps in a node's sequence that were given up.</param>
/// <param name="Rebirths">Rebirth requests sent.</param>
/// <param name="SkippedMetrics">Metrics that are not read: sets, templates, bytes, arrays; historical ones without a time.</param>
public readonly record struct SparkplugFigures(int NodesBorn, int DevicesBorn, int Held, long Gaps, long Rebirths, long SkippedMetrics);
