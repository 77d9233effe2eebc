using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>
/// Where every device stood at every moment, as far as was known at one of them. Deterministic: the order in which entries and ledger times are handed
/// over does not matter, and an entry made later changes no older timeline.
/// </summary>
/// <remarks>
/// Entries are judged in order of their sequence, each against those before it; one that breaks the rules (it should never have been written) excuses
/// nothing and stands in <see cref="Refused"/>.
/// </remarks>
public sealed class LifecycleTimeline
{
    private static readonly IReadOnlyList<LifecycleSpan> Nothing = [new(LifecycleState.None, long.MinValue, long.MaxValue, null)];

    private readonly Dictionary<string, DeviceLog> _logs;
    private readonly List<LifecycleRefusal> _refused = [];
    private readonly LifecyclePolicy _policy;

    private LifecycleTimeline(IReadOnlyList<LifecycleEntry> entries, long asOfMs, IEnumerable<ServiceTime> ledger, LifecyclePolicy policy)
    {
        (Entries, AsOfMs, _policy) = (entries, asOfMs, policy);
        _logs = ledger.ToDictionary(s => s.Device, s => new DeviceLog(s, policy), StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!_logs.TryGetValue(entry.Device, out var log)) _logs.Add(entry.Device, log = new DeviceLog(null, policy));
            var problems = log.Admit(entry);
            if (problems.Count > 0) _refused.Add(new LifecycleRefusal(entry, problems));
        }
    }

    public long AsOfMs { get; }

    /// <summary>Every entry known then, refused ones included, by sequence.</summary>
    public IReadOnlyList<LifecycleEntry> Entries { get; }

    public IReadOnlyList<LifecycleRefusal> Refused => _refused;

    /// <param name="entries">The log, in any order; the same row twice is one.</param>
    /// <param name="asOfMs">Entries entered later are not known yet.</param>
    /// <param name="ledger">Days in service of the ledger; they hold for a device until its log takes a step of its own.</param>
    /// <exception cref="ArgumentException">Two different entries have one sequence number, or a device has two ledger times.</exception>
    public static LifecycleTimeline Build(IEnumerable<LifecycleEntry> entries, long asOfMs, IEnumerable<ServiceTime> ledger, LifecyclePolicy policy)
    {
        var known = entries.Where(e => e.EnteredMs <= asOfMs).Distinct().OrderBy(e => e.Seq).ToList();
        for (int i = 1; i < known.Count; i++)
            if (known[i].Seq == known[i - 1].Seq) throw new ArgumentException($"two lifecycle entries have the sequence number {known[i].Seq}", nameof(entries));
        return new LifecycleTimeline(known, asOfMs, ledger, policy);
    }

    /// <summary>The spans of a device, from ever to for good.</summary>
    public IReadOnlyList<LifecycleSpan> Of(string device) => _logs.TryGetValue(device, out var log) ? log.Spans : Nothing;

    /// <summary>What speaks against appending this entry now; empty when it may be written.</summary>
    /// <param name="entry">With the sequence number it would get, above all others.</param>
    public IReadOnlyList<LocalText> Check(LifecycleEntry entry) => (_logs.GetValueOrDefault(entry.Device) ?? new DeviceLog(null, _policy)).Check(entry);

    /// <summary>The entry that replaced this one, or null.</summary>
    public long? CorrectedBy(LifecycleEntry entry) => _logs[entry.Device].CorrectedBy.TryGetValue(entry.Seq, out long by) ? by : null;
}

/// <summary>An entry of the log that breaks the rules, and how.</summary>
public sealed record LifecycleRefusal(LifecycleEntry Entry, IReadOnlyList<LocalText> Problems);
