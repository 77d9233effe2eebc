using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Bureau.Reports;
using Gateway.Protocols.Hj212;

namespace Gateway.Bureau.Wire;

/// <summary>
/// The logger's side of one connection to a platform: one report under way, repeated until its 9014; the platform's requests answered. Pure: bytes and time come in, bytes to send
/// and acknowledged reports come out.
/// </summary>
/// <remarks><b>Threading</b>: one caller. <b>Source</b>: HJ 212-2017, OverTime 10 s and ReCount 3 unless the platform sets others (1000).</remarks>
internal sealed class BureauTalk(BureauOptions options, IReadOnlyList<Station> stations, SiteCalendar calendar, BureauSettings settings, IReportStore store, string password)
{
    private readonly Queue<byte[]> _out = new();
    private readonly BureauRequests _requests = new(stations, calendar, settings, store, password);
    private readonly ReportFrames _frames = new(calendar);
    private byte[] _kept = [];
    private (string Qn, byte[] Frame, Report? Report, long SentMs, int Repeats)? _open;
    private DateTime _lastQn;
    private long _realtimeMs;
    private int _nextStation;

    /// <summary>The platform did not acknowledge a frame however often it was sent: this connection is no good.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Bytes that belonged to no frame, and frames that could not be believed.</summary>
    public long Foreign { get; private set; }

    public long Requests => _requests.Count;

    public bool IsFree => _open is null;

    public bool TryNext(out byte[] frame) => _out.TryDequeue(out frame!);

    /// <summary>Takes what the platform sent.</summary>
    /// <returns>The report it acknowledged, or null.</returns>
    public Report? Take(ReadOnlySpan<byte> bytes, long nowMs)
    {
        Report? acknowledged = null;
        var input = new ReadOnlySequence<byte>([.. _kept, .. bytes]);
        while (true)
        {
            var scan = Hj212Scanner.Read(input);
            Foreign += scan.SkippedBytes + scan.DroppedBytes;
            if (scan.Status == OperationStatus.Done) acknowledged = Handle(scan.Frame, nowMs) ?? acknowledged;
            input = input.Slice(scan.Consumed);
            if (scan.Status != OperationStatus.NeedMoreData) continue;
            _kept = input.ToArray();
            return acknowledged;
        }
    }

    /// <summary>Sends a report; only while <see cref="IsFree"/>.</summary>
    public void Send(Report report, long nowMs) => Open((int)report.Cn, report.Row.Mn, report.Row.Cp, report, nowMs);

    /// <summary>Lets time pass: repeats, and the latest values of one MN when they are due.</summary>
    public void Tick(long nowMs)
    {
        if (_open is { } open)
        {
            if (nowMs - open.SentMs < settings.OverTimeSeconds * 1000L) return;
            if (open.Repeats >= settings.ReCount)
            {
                GaveUp = true;
                return;
            }
            _open = open with { SentMs = nowMs, Repeats = open.Repeats + 1 };
            _out.Enqueue(open.Frame);
            return;
        }
        if (settings.RealtimeStopped || (_nextStation == 0 && nowMs - _realtimeMs < settings.RealtimeSeconds * 1000L)) return;
        if (_nextStation == 0) _realtimeMs = nowMs;
        var station = stations[_nextStation];
        _nextStation = (_nextStation + 1) % stations.Count;
        if (_frames.Realtime(station, nowMs) is { } cp) Open((int)Hj212Command.RealTimeData, station.Mn, cp, null, nowMs);
    }

    private Report? Handle(in Hj212Frame frame, long nowMs)
    {
        var segment = Hj212Segment.Parse(frame.Contiguous(new byte[Hj212Limits.FrameBytesMax]));
        if (frame.Crc == Hj212CrcVerdict.Wrong)
        {
            Foreign += frame.Whole.Length;
            return null;
        }
        if (segment.Cn == Hj212Command.DataAck)
        {
            if (_open is not { } open || !Ascii.Equals(segment.Qn, open.Qn)) return null;
            _open = null;
            return open.Report;
        }
        if ((int)segment.Cn < (int)Hj212Command.RequestAck) _requests.Answer(segment, _out, Frame, nowMs);
        return null;
    }

    private void Open(int cn, string mn, string cp, Report? report, long nowMs)
    {
        var (qn, frame) = Frame(cn, mn, cp, wantsAck: true, nowMs);
        _open = (qn, frame, report, nowMs, 0);
        _out.Enqueue(frame);
    }

    private (string Qn, byte[] Frame) Frame(int cn, string mn, string cp, bool wantsAck, long nowMs)
    {
        var civil = calendar.Civil(nowMs);
        _lastQn = civil > _lastQn ? civil : _lastQn.AddMilliseconds(1);
        string qn = _lastQn.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        var frame = new ArrayBufferWriter<byte>(1_100);
        var verdict = Hj212Writer.Write(frame, new Hj212Segment
        {
            Qn = Encoding.ASCII.GetBytes(qn), St = Encoding.ASCII.GetBytes(options.St), Cn = (Hj212Command)cn, Pw = Encoding.ASCII.GetBytes(password), Mn = Encoding.ASCII.GetBytes(mn),
            Flag = (options.Version == 2005 ? 0 : 4) | (wantsAck ? 1 : 0), Cp = Encoding.ASCII.GetBytes(cp),
        });
        // The configuration is checked at the start and nine factors fit: another verdict is a fault of ours.
        if (verdict != Hj212WriteVerdict.Written) throw new InvalidOperationException($"a report {cn} for MN {mn} cannot be written: {verdict} in {cp}");
        return (qn, frame.WrittenSpan.ToArray());
    }
}
