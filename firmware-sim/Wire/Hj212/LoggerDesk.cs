namespace FirmwareSim.Wire.Hj212;

/// <summary>Carries out what the other side asks of a logger: 9011 at once, what was asked for, 9012 (HJ 212-2017; 1011 to 1013, 1061 to 1064, 2051).</summary>
internal sealed class LoggerDesk(LoggerMemory memory, string password, string deviceNumber)
{
    private const int Ready = 1;
    private const int UnknownCommand = 8;
    private const int Done = 1;
    private const int BadCondition = 3;
    private const int NoData = 100;

    /// <summary>All frames of the answer, in their order; none for what is no request.</summary>
    public IReadOnlyList<byte[]> Answer(Hj212Command request)
    {
        if (request.Cn >= 9000) return [];
        if (!Knows(request.Cn)) return [Reply(request, 9011, $"QnRtn={UnknownCommand}")];
        var frames = new List<byte[]> { Reply(request, 9011, $"QnRtn={Ready}") };
        int result = CarryOut(request, frames);
        frames.Add(Reply(request, 9012, $"ExeRtn={result}"));
        return frames;
    }

    /// <summary>A frame of minute data; with a history answer's request number it is one of its records.</summary>
    public byte[] MinuteReport(string requestNumber, DateTimeOffset start, string items) =>
        Hj212Frame.Wrap($"QN={requestNumber};ST=39;CN=2051;PW={password};MN={deviceNumber};Flag=5;CP=&&DataTime={Hj212Frame.RequestNumber(start)[..14]};{items}&&");

    private static bool Knows(int cn) => cn is 1011 or 1012 or 1061 or 1062 or 1063 or 1064 or 2051;

    private int CarryOut(Hj212Command request, List<byte[]> frames)
    {
        switch (request.Cn)
        {
            case 1011:
                frames.Add(Report(request, $"SystemTime={Hj212Frame.RequestNumber(memory.DeviceTime)[..14]}"));
                return Done;
            case 1012:
                if (request.Time("SystemTime") is not { } time) return BadCondition;
                memory.SetTime(time);
                return Done;
            case 1061:
                frames.Add(Report(request, $"RtdInterval={memory.RtdSeconds}"));
                return Done;
            case 1062:
                if (request.Number("RtdInterval") is not (>= 30 and <= 3600 and var seconds)) return BadCondition;
                memory.RtdSeconds = seconds;
                return Done;
            case 1063:
                frames.Add(Report(request, $"MinInterval={memory.MinMinutes}"));
                return Done;
            case 1064:
                if (request.Number("MinInterval") is not (>= 1 and <= 30 and var minutes) || 60 % minutes != 0) return BadCondition;
                memory.MinMinutes = minutes;
                return Done;
            default:
                if (request.Time("BeginTime") is not { } from || request.Time("EndTime") is not { } to) return BadCondition;
                var records = memory.Between(from, to);
                frames.AddRange(records.Select(r => MinuteReport(request.RequestNumber, r.Start, r.Items)));
                return records.Count > 0 ? Done : NoData;
        }
    }

    private byte[] Reply(Hj212Command request, int cn, string cp) => Hj212Frame.Wrap($"QN={request.RequestNumber};ST=91;CN={cn};PW={password};MN={deviceNumber};Flag=4;CP=&&{cp}&&");

    private byte[] Report(Hj212Command request, string cp) => Hj212Frame.Wrap($"QN={request.RequestNumber};ST=39;CN={request.Cn};PW={password};MN={deviceNumber};Flag=4;CP=&&{cp}&&");
}
