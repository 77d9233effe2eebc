using System.Collections.Concurrent;
using Gateway.Uplink.Progress;

namespace Gateway.Uplink;

/// <summary>How far each target has come, shared between the uplink loops (which advance it) and the engine stage (which writes it down and frees what everyone has).</summary>
/// <param name="targets">Stores that take both lanes.</param>
/// <param name="readers">Whoever else must have had a line of telemetry before it goes: bureaus; lane one is not theirs.</param>
public sealed class UplinkLedger(IReadOnlyList<string> targets, IReadOnlyList<string>? readers = null)
{
    public const string LaneOne = "one";
    public const string Telemetry = "telemetry";

    private readonly LaneProgress[] _lanes = [.. targets.SelectMany(t => new[] { new LaneProgress(t, LaneOne, rewinds: true), new LaneProgress(t, Telemetry, rewinds: false) }), .. (readers ?? []).Select(r => new LaneProgress(r, Telemetry, rewinds: false))];
    private readonly ConcurrentDictionary<string, long> _keptFrom = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Targets => targets;

    /// <summary>Somebody takes lane one.</summary>
    public bool Any => targets.Count > 0;

    /// <summary>Somebody takes telemetry, and what all of them have settled may go.</summary>
    public bool AnyTelemetry => _lanes.Length > 0;

    public IReadOnlyList<LaneProgress> Lanes => _lanes;

    /// <summary>First line of telemetry the store must keep: everyone's settled lines, and those an hour may still need that is not read back yet.</summary>
    public long Releasable => Math.Min(Settled(Telemetry), _keptFrom.IsEmpty ? long.MaxValue : _keptFrom.Values.Min());

    public LaneProgress Lane(string target, string lane) => Array.Find(_lanes, l => l.Target == target && l.Lane == lane) ?? throw new ArgumentException($"there is no target {target}", nameof(target));

    /// <summary>First line or row that some target may still have to be sent: what the store may trim behind. −1 where nobody takes it.</summary>
    public long Settled(string lane) => _lanes.Where(l => l.Lane == lane).Select(l => l.Settled).DefaultIfEmpty(-1).Min();

    /// <summary>The audit of a target may need lines from here on once more; <see cref="long.MaxValue"/>: none.</summary>
    public void KeepFrom(string target, long line) => _keptFrom[target] = line;

    /// <summary>Everything is to be written down anew: what was on disk is lost.</summary>
    internal void Touch()
    {
        foreach (var lane in _lanes) lane.Touch();
    }

    internal IReadOnlyList<LaneChanges> TakeChanges() => [.. _lanes.Select(l => l.TakeChanges()).OfType<LaneChanges>()];
}
