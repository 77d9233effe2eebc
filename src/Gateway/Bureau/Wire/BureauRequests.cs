using System.Buffers;
using System.Text;
using Gateway.Bureau.Reports;
using Gateway.Protocols.Hj212;

namespace Gateway.Bureau.Wire;

/// <summary>Makes a frame of ours: CN, MN, data area, whether it wants its 9014, time.</summary>
internal delegate (string Qn, byte[] Frame) FrameMaker(int cn, string mn, string cp, bool wantsAck, long nowMs);

/// <summary>Answers what a platform asks: 9011 at once, then what it asked for, then 9012.</summary>
internal sealed class BureauRequests(IReadOnlyList<Station> stations, SiteCalendar calendar, BureauSettings settings, IReportStore store, string password)
{
    /// <summary>Records of one history answer; a platform that wants more asks for the rest.</summary>
    private const int RecordsMax = 1_500;

    private const int OverTimeMax = 3_600;
    private const int ReCountMax = 99;

    public long Count { get; private set; }

    public void Answer(in Hj212Segment request, Queue<byte[]> to, FrameMaker frame, long nowMs)
    {
        Count++;
        string mn = Encoding.ASCII.GetString(request.Mn);
        var ready = !stations.Any(s => s.Mn == mn) ? Hj212QnRtn.MnWrong
            : !Ascii.Equals(request.Pw, password) ? Hj212QnRtn.PwWrong
            : Knows(request.Cn) ? Hj212QnRtn.Ready : Hj212QnRtn.CnWrong;
        if (request.WantsAck) Reply(request, to, (int)ready, result: false);
        if (ready != Hj212QnRtn.Ready) return;
        var outcome = CarryOut(request, mn, to, frame, nowMs);
        if (request.WantsAck) Reply(request, to, (int)outcome, result: true);
    }

    private static bool Knows(Hj212Command cn) => cn is Hj212Command.SetTimeoutAndRetries or Hj212Command.GetTime or Hj212Command.SetTime or Hj212Command.GetRtdInterval or Hj212Command.SetRtdInterval
        or Hj212Command.GetMinInterval or Hj212Command.SetMinInterval or Hj212Command.RealTimeData or Hj212Command.StopRealTimeData or Hj212Command.MinuteData or Hj212Command.HourData or Hj212Command.DayData;

    private Hj212ExeRtn CarryOut(in Hj212Segment request, string mn, Queue<byte[]> to, FrameMaker frame, long nowMs)
    {
        switch (request.Cn)
        {
            case Hj212Command.SetTimeoutAndRetries:
                if (!request.TryGetNumber("OverTime"u8, out int overTime) || overTime is < 1 or > OverTimeMax || !request.TryGetNumber("ReCount"u8, out int reCount) || reCount is < 0 or > ReCountMax) return Hj212ExeRtn.BadCondition;
                settings.SetPatience(overTime, reCount);
                return Hj212ExeRtn.Ok;
            case Hj212Command.GetTime:
                return Say(request.Cn, $"SystemTime={calendar.Stamp(nowMs)}");
            case Hj212Command.SetTime:
                // The gateway's clock is the network's; a platform that is wrong must not move the evidence.
                return Hj212ExeRtn.BadCondition;
            case Hj212Command.GetRtdInterval:
                return Say(request.Cn, $"RtdInterval={settings.RealtimeSeconds}");
            case Hj212Command.SetRtdInterval:
                if (!request.TryGetNumber("RtdInterval"u8, out int seconds) || seconds is < Hj212Limits.RtdIntervalMin or > Hj212Limits.RtdIntervalMax) return Hj212ExeRtn.BadCondition;
                settings.SetRealtime(seconds);
                return Hj212ExeRtn.Ok;
            case Hj212Command.GetMinInterval:
                return Say(request.Cn, $"MinInterval={settings.MinuteInterval}");
            case Hj212Command.SetMinInterval:
                if (!request.TryGetNumber("MinInterval"u8, out int minutes) || !Hj212Limits.IsMinInterval(minutes)) return Hj212ExeRtn.BadCondition;
                settings.SetMinutes(minutes);
                return Hj212ExeRtn.Ok;
            case Hj212Command.RealTimeData or Hj212Command.StopRealTimeData:
                settings.RealtimeStopped = request.Cn == Hj212Command.StopRealTimeData;
                return Hj212ExeRtn.Ok;
            default:
                return History(request, mn, to, frame, nowMs);
        }

        Hj212ExeRtn Say(Hj212Command cn, string cp)
        {
            to.Enqueue(frame((int)cn, mn, cp, wantsAck: false, nowMs).Frame);
            return Hj212ExeRtn.Ok;
        }
    }

    private Hj212ExeRtn History(in Hj212Segment request, string mn, Queue<byte[]> to, FrameMaker frame, long nowMs)
    {
        if (Hj212Time.Parse(request.ItemValue("BeginTime"u8), out var begin) != Hj212TimeVerdict.Ok || Hj212Time.Parse(request.ItemValue("EndTime"u8), out var end) != Hj212TimeVerdict.Ok) return Hj212ExeRtn.BadCondition;
        // The end belongs to the span: platforms ask up to 23:50:00 and up to 23:59:59 alike.
        var rows = store.Range(mn, (int)request.Cn, calendar.MsOf(begin.ToCivil()), calendar.MsOf(end.ToCivil()) + 1);
        foreach (var row in rows.Take(RecordsMax)) to.Enqueue(frame(row.Cn, mn, row.Cp, wantsAck: false, nowMs).Frame);
        return rows.Count == 0 ? Hj212ExeRtn.NoData : Hj212ExeRtn.Ok;
    }

    private static void Reply(in Hj212Segment request, Queue<byte[]> to, int code, bool result)
    {
        var reply = new ArrayBufferWriter<byte>(128);
        var verdict = result ? Hj212Reply.WriteExecutionResult(reply, request, (Hj212ExeRtn)code) : Hj212Reply.WriteRequestAck(reply, request, (Hj212QnRtn)code);
        // A request without a QN cannot be answered.
        if (verdict == Hj212WriteVerdict.Written) to.Enqueue(reply.WrittenSpan.ToArray());
    }
}
