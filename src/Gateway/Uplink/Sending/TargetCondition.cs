using Gateway.Diagnostics;
using Gateway.Ingest;

namespace Gateway.Uplink.Sending;

/// <summary>One alarm about a target, however many of its lanes have a reason for it: raised by the first, over with the last.</summary>
/// <param name="cause">Which rule it raises.</param>
internal sealed class TargetCondition(string subject, string cause, IngestBuffer ingest, GatewayClock clock)
{
    /// <summary>The target takes nothing, or refuses us.</summary>
    public const string Down = "uplink";

    /// <summary>The target holds fewer points than it answered for.</summary>
    public const string Missing = "uplink-missing";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _reasons = new(StringComparer.Ordinal);

    public void Raise(string reason, string words)
    {
        lock (_gate)
            if (_reasons.Add(reason) && _reasons.Count == 1) ingest.AppendEvent(LinkEventKind.ConditionRaised, clock.NowMs(), text: subject, cause: cause, reason: words);
    }

    public void Over(string reason)
    {
        lock (_gate)
            if (_reasons.Remove(reason) && _reasons.Count == 0) ingest.AppendEvent(LinkEventKind.ConditionOver, clock.NowMs(), text: subject, cause: cause);
    }
}
