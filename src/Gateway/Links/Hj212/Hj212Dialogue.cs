using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Links.Hj212.Recall;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>
/// What one device is asked for and when: its clock set, its intervals, what is missing of its history. One request is under way at a time, repeated as the standard says, and
/// followed through 9011 and 9012. Pure: frames and time come in, bytes to send come out.
/// </summary>
/// <remarks><b>Threading</b>: safe for all; a device may come over two connections for a moment. <b>Source</b>: HJ 212-2017, request and execution; OverTime 10 s, ReCount 3.</remarks>
internal sealed class Hj212Dialogue(string mn, Hj212Rules rules, RecallBook recall, Action<string, string> refused)
{
    /// <summary>A clock that is off by more than this is set.</summary>
    public const long SkewMaxMs = 60_000;

    /// <summary>So many messages in a row have to say so: one late message is no wrong clock.</summary>
    public const int SkewedInARow = 3;

    private const long SetTimeEveryMs = 3_600_000;
    private const long OverTimeMs = Hj212Limits.OverTimeSeconds * 1000L;

    /// <summary>So long a device may be silent while it carries something out.</summary>
    private const long ExecuteMs = 30_000;

    private readonly Lock _gate = new();
    private readonly Queue<(Hj212Command Cn, string Cp)> _wanted = new();
    private readonly byte[] _mn = Encoding.ASCII.GetBytes(mn);
    private readonly HashSet<Hj212Command> _settled = [];
    private byte[] _pw = [];
    private byte[] _st = "39"u8.ToArray();
    private Hj212Version _version = Hj212Version.Hj212Of2017;
    private Hj212Request? _open;
    private DateTime _lastQn;
    private bool _up;
    private long _heardMs;
    private long _timeSetMs = long.MinValue / 2;
    private int _skewed;

    public Hj212Version Version => _version;

    /// <summary>Device time minus ours in its last live message, ms; null before the first.</summary>
    public long? SkewMs { get; private set; }

    /// <summary>When anything last came from it.</summary>
    public long HeardMs => Interlocked.Read(ref _heardMs);

    /// <summary>The last thing it refused or did not answer, in words; null when there is none.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Requests sent, repeats not counted.</summary>
    public long Requests { get; private set; }

    /// <summary>The request under way as <c>CN QN</c>, or null.</summary>
    public string? Open
    {
        get
        {
            lock (_gate) return _open is { } open ? string.Create(CultureInfo.InvariantCulture, $"{(int)open.Cn} {open.Qn}") : null;
        }
    }

    /// <summary>What is still to be recalled, and whether the device is left alone with it.</summary>
    public (IReadOnlyList<RecallGap> Gaps, bool Refused, long GivenUp) Recall
    {
        get
        {
            lock (_gate) return ([.. recall.Gaps], recall.Refused, recall.GivenUp);
        }
    }

    /// <summary>Any frame of the device with a sound checksum.</summary>
    public void Heard(in Hj212Segment segment, long nowMs)
    {
        lock (_gate)
        {
            if (!segment.Pw.SequenceEqual(_pw)) _pw = segment.Pw.ToArray();
            if (segment.St.Length == 2 && !segment.St.SequenceEqual("91"u8) && !segment.St.SequenceEqual(_st)) _st = segment.St.ToArray();
            _version = segment.Version;
            if (!_up || nowMs - _heardMs > rules.OfflineAfterMs) Back(nowMs);
            (_up, _heardMs) = (true, nowMs);
        }
    }

    /// <summary>Its connection is over: what was under way comes to nothing, what is missing stays missing.</summary>
    public void Gone()
    {
        lock (_gate) (_up, _open) = (false, null);
    }

    /// <summary>A live message said what time the device has.</summary>
    public void Showed(Hj212Time time, long nowMs)
    {
        lock (_gate)
        {
            SkewMs = Hj212Rules.MsOf(time, rules.Zone) - nowMs;
            _skewed = Math.Abs(SkewMs.Value) > SkewMaxMs ? _skewed + 1 : 0;
            if (!rules.SetTime || _skewed < SkewedInARow || nowMs - _timeSetMs < SetTimeEveryMs) return;
            SetTime(ReadOnlySpan<byte>.Empty, nowMs);
        }
    }

    /// <summary>The device asks for the time (1013).</summary>
    /// <param name="instrument">The <c>PolId</c> it asks for, echoed.</param>
    public void AskedForTime(ReadOnlySpan<byte> instrument, long nowMs)
    {
        lock (_gate) SetTime(instrument, nowMs);
    }

    /// <summary>Whether a record belongs to the history we ask for, or to what is open of it.</summary>
    public Hj212Request? RecalledBy(Hj212Command cn, ReadOnlySpan<byte> qn, long startMs, long nowMs)
    {
        lock (_gate)
        {
            if (_open is not { Slice: { } slice } open || slice.Cn != cn) return null;
            bool old = nowMs - startMs > 2 * recall.IntervalMs;
            return Is(open, qn) || (old && startMs >= slice.FromMs && startMs < slice.ToMs) ? open : null;
        }
    }

    /// <summary>A record of the history was taken in.</summary>
    public void Recalled(Hj212Request request, long nowMs)
    {
        lock (_gate)
        {
            (request.Accepted, request.AliveMs) = (true, nowMs);
            request.Records++;
            request.Uncommitted++;
        }
    }

    /// <summary>A record of the history is on disk.</summary>
    public void RecalledKept(Hj212Request request)
    {
        lock (_gate) request.Uncommitted--;
    }

    /// <summary>Minute data that the device sent by itself is on disk.</summary>
    public void MinuteKept(long startMs, long nowMs)
    {
        lock (_gate) recall.Kept(startMs, nowMs);
    }

    /// <summary>A live measurement is on disk.</summary>
    public void LiveKept(long atMs)
    {
        lock (_gate) recall.Heard(atMs);
    }

    /// <summary>9011 or 9012 of the device.</summary>
    /// <returns>False when it answers nothing that is under way.</returns>
    public bool Answered(in Hj212Segment answer, long nowMs)
    {
        lock (_gate)
        {
            if (_open is not { } open || !Is(open, answer.Qn)) return false;
            open.AliveMs = nowMs;
            if (answer.Cn == Hj212Command.RequestAck)
            {
                if (answer.TryGetNumber("QnRtn"u8, out int qnRtn) && qnRtn == (int)Hj212QnRtn.Ready) open.Accepted = true;
                else Fail(open, $"refused it (9011 QnRtn {Text(answer.ItemValue("QnRtn"u8))})", nowMs);
                return true;
            }
            bool known = answer.TryGetNumber("ExeRtn"u8, out int exeRtn);
            bool done = exeRtn == (int)Hj212ExeRtn.Ok || (exeRtn == (int)Hj212ExeRtn.NoData && open.Slice is not null && recall.UpToMs > 0);
            if (known && done) open.Ended = true;
            else Fail(open, $"could not do it (9012 ExeRtn {Text(answer.ItemValue("ExeRtn"u8))})", nowMs);
            return true;
        }
    }

    /// <summary>Lets time pass. Call about once a second.</summary>
    /// <returns>The frame to send now, or null.</returns>
    public byte[]? Tick(long nowMs)
    {
        lock (_gate)
        {
            if (!_up) return null;
            if (_open is { } open) return Follow(open, nowMs);
            if (!rules.Asks) return null;
            return _wanted.TryDequeue(out var next) ? Ask(next.Cn, next.Cp, null, nowMs)
                : recall.Next(nowMs) is { } slice ? Ask(slice.Cn, $"BeginTime={Stamp(slice.FromMs)};EndTime={Stamp(slice.ToMs - 1000)}", slice, nowMs)
                : null;
        }
    }

    /// <summary>What is to be written down, or null when it stands there already.</summary>
    public string? TakeChanges()
    {
        lock (_gate)
        {
            if (!recall.Changed) return null;
            recall.Changed = false;
            return recall.ToString();
        }
    }

    /// <summary>It could not be written down: the next <see cref="TakeChanges"/> says it again.</summary>
    public void NotKept()
    {
        lock (_gate) recall.Changed = true;
    }

    private void Back(long nowMs)
    {
        recall.Back(nowMs, rules.OfflineAfterMs);
        if (rules.RtdIntervalSeconds is { } rtd && _settled.Add(Hj212Command.SetRtdInterval)) _wanted.Enqueue((Hj212Command.SetRtdInterval, $"RtdInterval={rtd}"));
        if (rules.MinIntervalMinutes is { } minutes && _settled.Add(Hj212Command.SetMinInterval)) _wanted.Enqueue((Hj212Command.SetMinInterval, $"MinInterval={minutes}"));
    }

    private void SetTime(ReadOnlySpan<byte> instrument, long nowMs)
    {
        if (!rules.SetTime || !rules.ClockIsSane() || _wanted.Any(w => w.Cn == Hj212Command.SetTime) || _open is { Cn: Hj212Command.SetTime }) return;
        (_timeSetMs, _skewed) = (nowMs, 0);
        _wanted.Enqueue((Hj212Command.SetTime, instrument.IsEmpty ? "" : $"PolId={Text(instrument)};"));
    }

    private byte[]? Follow(Hj212Request open, long nowMs)
    {
        if (open.Ended)
        {
            // The gap is closed once what fills it is on disk.
            if (open.Uncommitted > 0) return null;
            if (open.Slice is { } slice) recall.Done(slice);
            _open = null;
            return null;
        }
        if (open.Accepted)
        {
            if (nowMs - open.AliveMs < ExecuteMs) return null;
            if (open.Records > 0) open.Ended = true;
            else Fail(open, "accepted it and gave no result", nowMs);
            return null;
        }
        if (nowMs - open.SentMs < OverTimeMs) return null;
        if (open.Repeats == Hj212Limits.ReCount)
        {
            Fail(open, $"did not answer {1 + Hj212Limits.ReCount} times", nowMs);
            return null;
        }
        open.Repeats++;
        open.SentMs = nowMs;
        return open.Frame;
    }

    private byte[]? Ask(Hj212Command cn, string cp, RecallGap? slice, long nowMs)
    {
        // The time is that of the sending, not of the wish.
        if (cn == Hj212Command.SetTime) cp += $"SystemTime={Stamp(nowMs)}";
        string qn = NextQn(nowMs);
        var frame = new ArrayBufferWriter<byte>(256);
        var verdict = Hj212Writer.Write(frame, new Hj212Segment
        {
            Qn = Encoding.ASCII.GetBytes(qn), St = _st, Cn = cn, Pw = _pw, Mn = _mn, Flag = ((int)_version << 2) | 1, Cp = Encoding.ASCII.GetBytes(cp),
        });
        _open = new Hj212Request(cn, qn, frame.WrittenSpan.ToArray(), slice, nowMs);
        Requests++;
        if (verdict == Hj212WriteVerdict.Written) return _open.Frame;
        Fail(_open, $"cannot be asked: its {verdict.ToString().ToUpperInvariant()} is not one the standard allows", nowMs);
        return null;
    }

    private void Fail(Hj212Request open, string why, long nowMs)
    {
        _open = null;
        Refusal = $"{(int)open.Cn}: {why}";
        if (open.Slice is { } slice) recall.Failed(slice, nowMs);
        refused(((int)open.Cn).ToString(CultureInfo.InvariantCulture), why);
    }

    /// <summary>No two requests have the same number.</summary>
    private string NextQn(long nowMs)
    {
        var civil = rules.Civil(nowMs);
        _lastQn = civil > _lastQn ? civil : _lastQn.AddMilliseconds(1);
        return _lastQn.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
    }

    private string Stamp(long ms) => rules.Civil(ms).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static bool Is(Hj212Request open, ReadOnlySpan<byte> qn) => Ascii.Equals(qn, open.Qn);

    private static string Text(ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii);
}
