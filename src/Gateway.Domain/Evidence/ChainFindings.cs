namespace Gateway.Domain.Evidence;

/// <summary>Gathers what a walk meets, joins neighbours, and at the end says what it means: only then is known which holes are declared and which hashes are pinned.</summary>
internal sealed class ChainFindings
{
    private readonly List<ChainFinding> _found = [];
    private readonly List<Range> _gaps = [];
    private readonly List<Range> _altered = [];
    private readonly List<Checkpoint> _disagreeing = [];
    private readonly List<Checkpoint> _behind = [];
    private readonly List<Loss> _losses = [];
    private readonly HashSet<long> _hashAltered = [];
    private (long First, long Last, long Rows) _order;

    /// <summary>Rows outside checkpoints agree with, ascending.</summary>
    public List<long> Matched { get; } = [];

    public long LeftOut { get; private set; }

    public bool AnyLoss => _losses.Count > 0;

    public void Add(ChainFinding finding)
    {
        if (_found.Count < ChainReport.FindingsMax) _found.Add(finding);
        else LeftOut++;
    }

    public void Gap(long from, long to, bool chainedOver) => Keep(_gaps, from, to, chainedOver);

    public void Altered(long seq) => Keep(_altered, seq, seq);

    public void Order(long seq) => _order = (_order.Rows == 0 ? seq : _order.First, seq, _order.Rows + 1);

    public void HashAltered(long seq)
    {
        _hashAltered.Add(seq);
        Add(new ChainFinding(ChainFault.HashAltered, seq, seq, ChainWords.HashAltered(seq)));
    }

    public void Foreign(long seq, string? gateway) => Add(new ChainFinding(ChainFault.Foreign, seq, seq, ChainWords.Foreign(seq, gateway)));

    public void Contradiction(long seq) => Add(new ChainFinding(ChainFault.Checkpoint, seq, seq, ChainWords.Contradiction(seq)));

    public void Matches(long seq) => Matched.Add(seq);

    public void Disagrees(Checkpoint outside) => _disagreeing.Add(outside);

    public void BehindTheEnd(Checkpoint outside) => _behind.Add(outside);

    /// <param name="lastGood">Newest row that was left; null: not said.</param>
    /// <param name="rows">Rows lost; null: nobody knows.</param>
    public void Damage(long seq, long atMs, long? lastGood, long? rows) => _losses.Add(new Loss(seq, atMs, lastGood, rows ?? long.MaxValue));

    /// <returns>All findings, by the row they begin at.</returns>
    public IReadOnlyList<ChainFinding> Conclude(long lastSeq)
    {
        foreach (var gap in _gaps)
        {
            bool declared = Admitted(gap);
            Add(new ChainFinding(ChainFault.Gap, gap.From, gap.To, ChainWords.Gap(gap.From, gap.To, gap.ChainedOver, declared), declared));
        }
        foreach (var altered in _altered) Add(new ChainFinding(ChainFault.Altered, altered.From, altered.To, ChainWords.Altered(altered.From, altered.To, lastSeq, PinBehind(altered.To), altered.From == 1 || Matched.Contains(altered.From - 1))));
        Rewritten();
        CutTail(lastSeq);
        // One note however often, and never one that pushes a finding out of the list.
        if (_order.Rows > 0) _found.Add(new ChainFinding(ChainFault.Order, _order.First, _order.Last, ChainWords.Order(_order.First, _order.Rows)));
        return [.. _found.OrderBy(f => f.From)];
    }

    private void Rewritten()
    {
        foreach (var outside in _disagreeing.Where(o => !_hashAltered.Contains(o.Seq)))
        {
            long from = Matched.LastOrDefault(m => m < outside.Seq) + 1;
            bool declared = _losses.Any(l => l.Seq <= outside.Seq && l.TookAway(outside));
            Add(new ChainFinding(ChainFault.Rewritten, from, outside.Seq, ChainWords.Rewritten(from, outside, declared), declared));
        }
    }

    private void CutTail(long lastSeq)
    {
        if (_behind.Count == 0) return;
        var newest = _behind[^1];
        bool declared = _behind.All(o => _losses.Any(l => l.TookAway(o)));
        Add(new ChainFinding(ChainFault.CutTail, lastSeq + 1, newest.Seq, ChainWords.CutTail(lastSeq, newest, declared), declared));
    }

    /// <summary>A hole is declared by a damage row behind it that admits at least so many rows and has not been used up by other holes.</summary>
    private bool Admitted(Range gap)
    {
        long rows = gap.To - gap.From + 1;
        foreach (var loss in _losses)
        {
            if (loss.Seq <= gap.To || loss.Rows < rows) continue;
            if (loss.Rows != long.MaxValue) loss.Rows -= rows;
            return true;
        }
        return false;
    }

    /// <summary>An outside checkpoint behind the row, with nothing wrong in between, proves every stored hash from that row on; 0 = none.</summary>
    private long PinBehind(long seq)
    {
        long pin = Matched.FirstOrDefault(m => m >= seq);
        return _gaps.Exists(g => g.From > seq && g.From <= pin) || _altered.Exists(a => a.From > seq && a.From <= pin) ? 0 : pin;
    }

    private void Keep(List<Range> ranges, long from, long to, bool chainedOver = false)
    {
        if (ranges.Count > 0 && ranges[^1].To == from - 1 && ranges[^1].ChainedOver == chainedOver) ranges[^1] = ranges[^1] with { To = to };
        else if (ranges.Count < ChainReport.FindingsMax) ranges.Add(new Range(from, to, chainedOver));
        else LeftOut++;
    }

    private readonly record struct Range(long From, long To, bool ChainedOver);

    private sealed class Loss(long seq, long atMs, long? lastGood, long rows)
    {
        public long Seq => seq;

        /// <summary>Rows it admits and no hole has claimed yet.</summary>
        public long Rows { get; set; } = rows;

        /// <summary>The checkpoint was taken before, of a row that went.</summary>
        public bool TookAway(Checkpoint outside) => lastGood < outside.Seq && outside.AtMs <= atMs;
    }
}
