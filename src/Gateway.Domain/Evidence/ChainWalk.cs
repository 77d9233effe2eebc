namespace Gateway.Domain.Evidence;

/// <summary>
/// Walks a chain row by row in the order of its numbers and names everything that does not fit: holes, altered rows, rewritten history, a cut tail, rows of another
/// gateway. Pure; holds ranges, not rows.
/// </summary>
/// <remarks>After a row that does not fit it goes on from the hash that is stored, so that one altered row is one finding and not a thousand.</remarks>
public sealed class ChainWalk
{
    private readonly string _gateway;
    private readonly List<Checkpoint> _outside;
    private readonly List<Checkpoint> _inside = [];
    private readonly ChainFindings _found = new();
    private readonly byte[] _hash = new byte[EvidenceChain.HashBytes];
    private readonly byte[] _expected = new byte[EvidenceChain.HashBytes];
    private readonly byte[] _doubted = new byte[EvidenceChain.HashBytes];
    private long _doubtedSeq;
    private long _rows;
    private long _missing;
    private long _seq;
    private long _atMs;
    private int _next;
    private bool _bound;

    /// <param name="gateway">Whose chain it has to be.</param>
    /// <param name="outside">Checkpoints of this gateway that were kept elsewhere, in any order.</param>
    public ChainWalk(string gateway, IEnumerable<Checkpoint> outside) => (_gateway, _outside) = (gateway, [.. outside.OrderBy(c => c.Seq)]);

    /// <summary>The chain declares that rows were lost.</summary>
    public bool AnyLossDeclared => _found.AnyLoss;

    /// <summary>Takes the next row.</summary>
    public void Take(in ChainRow row)
    {
        if (row.Seq <= _seq)
        {
            // Numbers are the key of the table: only a number below 1 can come first.
            _found.Altered(row.Seq);
            return;
        }
        bool tied = row.Seq == _seq + 1;
        EvidenceChain.Next(_hash, row.Seq, row.AtMs, row.Kind, row.Body, _expected);
        bool fits = row.Hash.SequenceEqual(_expected);
        if (!tied) Gap(row.Seq, fits);
        else if (fits) SettleDoubt();
        else fits = Doubt(row);
        if (!row.WellFormed && row.Hash.Length == EvidenceChain.HashBytes) _found.Altered(row.Seq);
        if (row.AtMs < _atMs && _rows > 0) _found.Order(row.Seq);
        Compare(row);
        Listen(row, tied, fits);
        (_rows, _seq, _atMs) = (_rows + 1, row.Seq, row.AtMs);
        _hash.AsSpan().Clear();
        if (row.Hash.Length == EvidenceChain.HashBytes) row.Hash.CopyTo(_hash);
    }

    /// <summary>A table made from the chain, or the file itself, says something else.</summary>
    public void Add(ChainFinding finding) => _found.Add(finding);

    public ChainReport End()
    {
        SettleDoubt();
        for (; _next < _outside.Count; _next++)
            if (_outside[_next].Seq > _seq) _found.BehindTheEnd(_outside[_next]);
        var findings = _found.Conclude(_seq);
        return new ChainReport(_rows, _seq, _atMs, Convert.ToHexStringLower(_hash), _bound, findings, _inside, _outside.Count, _found.Matched.Count, _found.Matched.LastOrDefault(), _found.LeftOut);
    }

    private void Gap(long seq, bool chainedOver)
    {
        SettleDoubt();
        _found.Gap(_seq + 1, seq - 1, chainedOver);
        _missing += seq - 1 - _seq;
    }

    /// <summary>The row does not fit the stored hash before it. When it fits the hash that row should have had, only that hash was touched.</summary>
    private bool Doubt(in ChainRow row)
    {
        if (_doubtedSeq != 0)
        {
            EvidenceChain.Next(_doubted, row.Seq, row.AtMs, row.Kind, row.Body, _expected);
            if (row.Hash.SequenceEqual(_expected))
            {
                _found.HashAltered(_doubtedSeq);
                _doubted.CopyTo(_hash);
                _doubtedSeq = 0;
                return true;
            }
            EvidenceChain.Next(_hash, row.Seq, row.AtMs, row.Kind, row.Body, _expected);
        }
        SettleDoubt();
        _doubtedSeq = row.Seq;
        _expected.CopyTo(_doubted);
        return false;
    }

    private void SettleDoubt()
    {
        if (_doubtedSeq != 0) _found.Altered(_doubtedSeq);
        _doubtedSeq = 0;
    }

    private void Compare(in ChainRow row)
    {
        for (; _next < _outside.Count && _outside[_next].Seq <= row.Seq; _next++)
        {
            var outside = _outside[_next];
            // One that points into a hole cannot be compared; the hole is named anyway.
            if (outside.Seq != row.Seq) continue;
            if (Convert.ToHexStringLower(row.Hash).Equals(outside.Hash, StringComparison.OrdinalIgnoreCase)) _found.Matches(row.Seq);
            else _found.Disagrees(outside);
        }
    }

    /// <summary>Rows that speak about the chain itself.</summary>
    private void Listen(in ChainRow row, bool tied, bool fits)
    {
        if (row.Kind.SequenceEqual("damage"u8))
        {
            var body = EvidenceBody.Read(row.Body);
            // Damage to another file leaves the chain as it is.
            if (body is not { LastGoodSeq: null, RowsLost: null }) _found.Damage(row.Seq, row.AtMs, body.LastGoodSeq, body.RowsLost);
        }
        else if (row.Kind.SequenceEqual("boot"u8) || row.Kind.SequenceEqual("shutdown"u8) || row.Kind.SequenceEqual("binary"u8)) Named(row.Seq, EvidenceBody.Read(row.Body).Gateway);
        else if (row.Kind.SequenceEqual("checkpoint"u8)) CheckInside(row, EvidenceBody.Read(row.Body), tied, fits);
    }

    private void CheckInside(in ChainRow row, in EvidenceBody body, bool tied, bool fits)
    {
        Named(row.Seq, body.Gateway);
        if (!fits || !tied) return;
        // Rows that are gone may have been counted before they went.
        bool holds = body.Seq == row.Seq - 1 && Convert.ToHexStringLower(_hash).Equals(body.Hash, StringComparison.Ordinal) && body.Count >= _rows && body.Count <= _rows + _missing;
        if (holds) _inside.Add(new Checkpoint(_gateway, body.Seq!.Value, body.Hash!, body.Count!.Value, row.AtMs));
        else _found.Contradiction(row.Seq);
    }

    private void Named(long seq, string? gateway)
    {
        _bound = true;
        if (gateway != _gateway) _found.Foreign(seq, gateway);
    }
}
