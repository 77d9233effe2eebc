using System.Collections.Concurrent;

namespace Gateway.Uplink;

/// <summary>How far each target has come, shared between the uplink loops (which advance it) and the engine stage (which writes it down and frees what everyone has).</summary>
public sealed class UplinkLedger(IReadOnlyList<string> targets)
{
    public const string LaneOne = "one";
    public const string Telemetry = "telemetry";

    private readonly ConcurrentDictionary<(string Target, string Lane), long> _next = new();
    private readonly ConcurrentQueue<RefusedLine> _refused = new();
    private int _changed;

    public IReadOnlyList<string> Targets => targets;

    public bool Any => targets.Count > 0;

    public long Next(string target, string lane) => _next.GetValueOrDefault((target, lane));

    public void Advance(string target, string lane, long next)
    {
        _next[(target, lane)] = next;
        Interlocked.Exchange(ref _changed, 1);
    }

    /// <summary>A line refused for good: written down with the next commit, before the cursor that passes it.</summary>
    public void Refuse(RefusedLine line)
    {
        _refused.Enqueue(line);
        Interlocked.Exchange(ref _changed, 1);
    }

    /// <summary>First line or row that some target does not have yet.</summary>
    public long Settled(string lane) => targets.Count == 0 ? -1 : targets.Min(t => Next(t, lane));

    internal bool TakeChanged() => Interlocked.Exchange(ref _changed, 0) == 1;

    internal IReadOnlyList<UplinkCursor> All() => [.. _next.Select(p => new UplinkCursor(p.Key.Target, p.Key.Lane, p.Value))];

    internal bool TryTakeRefused(out RefusedLine line) => _refused.TryDequeue(out line!);
}

/// <summary>First line or row of a lane that the target does not have yet.</summary>
public readonly record struct UplinkCursor(string Target, string Lane, long Next);

public sealed record RefusedLine(string Target, string Lane, long AtMs, byte[] Line, string Words);
