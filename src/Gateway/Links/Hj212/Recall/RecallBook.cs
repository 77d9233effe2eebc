using System.Globalization;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212.Recall;

/// <summary>
/// How far the history of one device is known, and which gaps are still to be recalled from it. Pure: times come in, and it can be written down as one line of text, so that
/// what is open survives a restart.
/// </summary>
/// <remarks><b>Units</b>: Unix ms of the gateway's timeline. <b>Threading</b>: guarded by its owner.</remarks>
internal sealed class RecallBook
{
    /// <summary>What the standard's loggers use unless told otherwise.</summary>
    public const int IntervalMsDefault = 600_000;

    /// <summary>A gap that fails so often is given up: the device has not kept it.</summary>
    private const int AttemptsMax = 3;

    /// <summary>After a failure the device is left in peace for so long.</summary>
    private const long PauseMs = 10 * 60_000;

    private const int GapsMax = 16;
    private const long DayMs = 24L * 3_600_000;

    private readonly List<RecallGap> _gaps = [];
    private readonly int _daysMax;
    private long _lastStartMs;
    private long _lastDiffMs;
    private long _notBeforeMs;
    private int _attempts;

    /// <param name="daysMax">What lies further back is not asked for; 0 = nothing is.</param>
    public RecallBook(int daysMax, string? text = null)
    {
        _daysMax = daysMax;
        if (text is not null) Read(text);
    }

    /// <summary>End of the newest interval of minute data that is on disk; 0 when there never was any.</summary>
    public long UpToMs { get; private set; }

    /// <summary>The newest live measurement that is on disk; stands for <see cref="UpToMs"/> where a device sends no minute data.</summary>
    public long HeardMs { get; private set; }

    /// <summary>Length of the device's minute data, learned from it.</summary>
    public long IntervalMs { get; private set; } = IntervalMsDefault;

    /// <summary>The device was asked once, does not know how, and is left alone.</summary>
    public bool Refused { get; private set; }

    /// <summary>Something is to be written down.</summary>
    public bool Changed { get; set; }

    /// <summary>Gaps that were given up since the process began.</summary>
    public long GivenUp { get; private set; }

    /// <summary>What is still to be recalled, newest last.</summary>
    public IReadOnlyList<RecallGap> Gaps => _gaps;

    /// <summary>The device speaks again, after a connection was made or after a silence: what is missing between what we have and now becomes a gap.</summary>
    /// <param name="offlineAfterMs">A shorter silence is none.</param>
    public void Back(long nowMs, long offlineAfterMs)
    {
        _notBeforeMs = 0;
        long fromMs = UpToMs > 0 ? UpToMs : HeardMs;
        if (fromMs == 0 || nowMs - fromMs <= Math.Max(2 * IntervalMs, offlineAfterMs)) return;
        long toMs = nowMs - nowMs % IntervalMs;
        Add(fromMs - fromMs % IntervalMs, toMs, nowMs);
        if (UpToMs > 0) UpToMs = Math.Max(UpToMs, toMs);
        else HeardMs = nowMs;
        Changed = true;
    }

    /// <summary>A live measurement is on disk.</summary>
    public void Heard(long atMs)
    {
        if (atMs <= HeardMs) return;
        HeardMs = atMs;
        Changed = true;
    }

    /// <summary>Minute data that the device sent by itself is on disk.</summary>
    /// <param name="startMs">Start of its interval.</param>
    public void Kept(long startMs, long nowMs)
    {
        Refused = false;
        Learn(startMs);
        if (UpToMs > 0 && startMs > UpToMs + IntervalMs / 2) Add(UpToMs, startMs, nowMs);
        // A clock that runs ahead must not hide the next hole.
        UpToMs = Math.Max(UpToMs, Math.Min(startMs + IntervalMs, nowMs));
        Changed = true;
    }

    /// <summary>What to ask for next, the newest gap first; null when there is nothing, or not now.</summary>
    public RecallGap? Next(long nowMs) => _gaps.Count == 0 || Refused || nowMs < _notBeforeMs ? null : _gaps[^1].Slice();

    /// <summary>The device has given what it had of the slice, and that is on disk.</summary>
    public void Done(RecallGap slice)
    {
        int at = _gaps.FindIndex(g => g.Cn == slice.Cn && g.FromMs == slice.FromMs);
        if (at < 0) return;
        if (slice.ToMs >= _gaps[at].ToMs) _gaps.RemoveAt(at);
        else _gaps[at] = _gaps[at] with { FromMs = slice.ToMs };
        (_attempts, Changed) = (0, true);
    }

    /// <summary>The device refused, failed or did not answer.</summary>
    public void Failed(RecallGap slice, long nowMs)
    {
        _notBeforeMs = nowMs + PauseMs;
        Changed = true;
        if (UpToMs == 0)
        {
            Refused = true;
            _gaps.Clear();
        }
        else if (++_attempts >= AttemptsMax)
        {
            _gaps.RemoveAll(g => g.Cn == slice.Cn && g.FromMs == slice.FromMs);
            _attempts = 0;
            GivenUp++;
        }
    }

    /// <summary>As it is written down: <c>1|upTo|heard|interval|refused|from-to-cn,…</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"1|{UpToMs}|{HeardMs}|{IntervalMs}|{(Refused ? 1 : 0)}|{string.Join(',', _gaps.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.FromMs}-{g.ToMs}-{(int)g.Cn}")))}");

    private void Add(long fromMs, long toMs, long nowMs)
    {
        if (_daysMax == 0 || Refused) return;
        fromMs = Math.Max(fromMs, nowMs - nowMs % IntervalMs - _daysMax * DayMs);
        foreach (var known in _gaps)
            if (known.FromMs <= fromMs && known.ToMs > fromMs) fromMs = known.ToMs;
        if (toMs <= fromMs) return;
        _gaps.Add(RecallGap.Of(fromMs, toMs));
        _gaps.Sort(static (a, b) => a.ToMs.CompareTo(b.ToMs));
        if (_gaps.Count <= GapsMax) return;
        _gaps.RemoveAt(0);
        GivenUp++;
    }

    /// <summary>The distance of two neighbours is the interval, when it is one the standard allows and comes twice, or is shorter than what was thought.</summary>
    private void Learn(long startMs)
    {
        long diffMs = startMs - _lastStartMs;
        _lastStartMs = Math.Max(_lastStartMs, startMs);
        if (diffMs <= 0 || diffMs % 60_000 != 0 || diffMs > 30 * 60_000 || !Hj212Limits.IsMinInterval((int)(diffMs / 60_000))) return;
        if (diffMs < IntervalMs || diffMs == _lastDiffMs) IntervalMs = diffMs;
        _lastDiffMs = diffMs;
    }

    /// <summary>Text of another version is as good as none: the next frames write it anew.</summary>
    private void Read(string text)
    {
        string[] parts = text.Split('|');
        if (parts is not ["1", var upTo, var heard, var interval, var refused, var gaps]) return;
        (UpToMs, HeardMs, IntervalMs, Refused) = (Number(upTo), Number(heard), Math.Max(60_000, Number(interval)), refused == "1");
        foreach (string gap in gaps.Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (gap.Split('-') is [var from, var to, var cn]) _gaps.Add(new RecallGap(Number(from), Number(to), (Hj212Command)Number(cn)));
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
