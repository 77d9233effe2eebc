namespace Gateway.Engine;

/// <summary>
/// Gathers the working time that is booked to one device: stretches of one operator and one evidence, none longer than an hour or over a civil midnight; and how long it
/// worked today, with a certified operator.
/// </summary>
/// <param name="closed">Told of each stretch as it closes.</param>
internal sealed class WorkMeter(int device, Action<WorkStretch> closed)
{
    /// <summary>Evidence of a stretch that the device itself showed.</summary>
    public const int Itself = -1;

    /// <summary>A longer stretch is closed and goes on as another: what is open is not in the chain yet.</summary>
    private const long StretchMsMax = 3_600_000;

    private WorkStretch _open;
    private long _bookedToMs;
    private int _bridgeMs;

    public long WorkingMs { get; private set; }

    public long CertifiedMs { get; private set; }

    /// <summary>Whether it works now without a certified operator.</summary>
    public bool Uncertified { get; private set; }

    public long SinceMs { get; private set; }

    /// <summary>What is not closed yet; null when it stands.</summary>
    public WorkStretch? Open => _open.IsEmpty ? null : _open;

    /// <summary>At midnight the stretch was cut, so what is open began today.</summary>
    public void StartDay(long dayFromMs) => (WorkingMs, CertifiedMs) = (!_open.IsEmpty && _open.FromMs >= dayFromMs ? _open.ToMs - _open.FromMs : 0, 0);

    public void Restore(long workingMs, long certifiedMs) => (WorkingMs, CertifiedMs) = (WorkingMs + workingMs, CertifiedMs + certifiedMs);

    /// <summary>Time before it is not booked again.</summary>
    public void BookedTo(long atMs) => _bookedToMs = Math.Max(_bookedToMs, atMs);

    public void Note(long atMs, bool uncertified)
    {
        if (uncertified != Uncertified) SinceMs = atMs;
        Uncertified = uncertified;
    }

    /// <summary>Books a piece of work; what is booked already is left out.</summary>
    /// <param name="evidence">Index of the other device that showed it, or <see cref="Itself"/>.</param>
    /// <param name="day">Beginning and end of the civil day, ms; a stretch from before it is cut where it began.</param>
    public void Book(WorkPiece piece, int evidence, bool certified, int bridgeMs, (long FromMs, long ToMs) day)
    {
        long fromMs = Math.Max(piece.FromMs, _bookedToMs);
        if (piece.ToMs <= fromMs) return;
        _bridgeMs = bridgeMs;
        // Two others that show the same work are one evidence: the first of them is named.
        bool goesOn = !_open.IsEmpty && fromMs == _open.ToMs && piece.Person == _open.Person && evidence == Itself == (_open.Evidence == Itself);
        if (!goesOn) Close();
        long todayMs = Math.Max(0, piece.ToMs - Math.Max(fromMs, day.FromMs));
        WorkingMs += todayMs;
        if (certified) CertifiedMs += todayMs;
        while (fromMs < piece.ToMs)
        {
            if (_open.IsEmpty) _open = new WorkStretch(device, fromMs, fromMs, piece.Person, evidence);
            long midnightMs = _open.FromMs < day.FromMs ? day.FromMs : day.ToMs;
            long endMs = Math.Min(piece.ToMs, Math.Min(_open.FromMs + StretchMsMax, midnightMs > _open.FromMs ? midnightMs : long.MaxValue));
            _open = _open with { ToMs = endMs };
            _bookedToMs = fromMs = endMs;
            if (endMs == midnightMs || endMs - _open.FromMs == StretchMsMax) Close();
        }
    }

    /// <summary>The one that showed it says that it stands.</summary>
    public void Stands(int evidence)
    {
        if (_open.Evidence == evidence) Close();
    }

    /// <summary>The device speaks for itself again.</summary>
    public void CloseWitnessed()
    {
        if (_open.Evidence != Itself) Close();
    }

    /// <summary>Nobody has shown any work for longer than is bridged.</summary>
    public void Pass(long nowMs)
    {
        if (!_open.IsEmpty && nowMs - _open.ToMs > _bridgeMs) Close();
    }

    /// <summary>What is open ends here.</summary>
    public void Close()
    {
        if (!_open.IsEmpty) closed(_open);
        _open = default;
    }
}

/// <summary>Working time of one device, one operator and one evidence; half open, ms.</summary>
/// <param name="Person">Number of the text that names the operator, 0 = nobody.</param>
/// <param name="Evidence">Index of the other device that showed it, or <see cref="WorkMeter.Itself"/>.</param>
internal readonly record struct WorkStretch(int Device, long FromMs, long ToMs, int Person, int Evidence)
{
    public bool IsEmpty => ToMs == 0;
}
