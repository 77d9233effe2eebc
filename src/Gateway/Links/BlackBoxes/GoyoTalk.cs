using System.Buffers;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Links.Frames;
using Gateway.Protocols.Goyo;

namespace Gateway.Links.BlackBoxes;

/// <summary>A conversation with GOYO boxes: clocks are answered at once, what is kept is acknowledged once it is on disk.</summary>
internal sealed class GoyoTalk(BoxLink link, string peer, FrameRing ring, Action flush) : BoxTalk(link, peer, ring, flush)
{
    /// <summary>A clock may be off by so much before it is set.</summary>
    private const long ClockToleranceMs = 60_000;

    protected override BoxStep Step(ReadOnlySpan<byte> window, long nowMs, out int consumed)
    {
        var scan = GoyoScanner.Read(window);
        consumed = scan.Consumed;
        Passed(window[..scan.Skipped], "foreign", nowMs);
        if (scan.Status == OperationStatus.NeedMoreData) return BoxStep.More;
        if (scan.Status == OperationStatus.InvalidData) Passed(window.Slice(scan.Skipped, scan.Dropped), WordOf(scan.Drop), nowMs);
        else if (!Handle(scan.Frame, nowMs))
        {
            consumed = scan.Skipped;
            return BoxStep.Full;
        }
        return BoxStep.Went;
    }

    /// <summary>False when there is no room: the frame stays in the buffer.</summary>
    private bool Handle(in GoyoFrame frame, long nowMs)
    {
        bool isHeartbeat = GoyoHeartbeat.TryRead(frame, out var clock, out bool hasTime);
        // Where the wire gives back what is sent, our own answers come in: they carry no station.
        if (frame.Command == GoyoCommand.Heartbeat && !isHeartbeat) return Say(frame, "echo", nowMs);
        if (StationOf(frame, nowMs) is not { } station)
        {
            Around.Refused.Count(Link.Name, DecodeOutcome.TooManyUnregistered, Peer, Encoding.ASCII.GetBytes(Convert.ToHexString(frame.Bytes)));
            return Say(frame, "noStation", nowMs);
        }
        if (isHeartbeat) return Heartbeat(station, frame, clock, hasTime, nowMs);
        return frame.Command switch
        {
            GoyoCommand.Realtime => Record(station, frame, ReadingKind.Measurement, ReadingFlags.None, nowMs),
            GoyoCommand.Offline => Record(station, frame, ReadingKind.Measurement, ReadingFlags.Backfill, nowMs),
            GoyoCommand.RunTime => Record(station, frame, ReadingKind.Event, ReadingFlags.None, nowMs),
            GoyoCommand.Identity => Identity(station, frame, nowMs),
            _ => NotUnderstood(station, frame, nowMs),
        };
    }

    private bool Heartbeat(BoxStation station, in GoyoFrame frame, DateTime clock, bool hasTime, long nowMs)
    {
        if (hasTime) station.SkewMs = Around.MsOf(clock) - nowMs;
        bool right = hasTime && Math.Abs(station.SkewMs!.Value) <= ClockToleranceMs;
        // Our own clock, when it is not known to be right, is no better than the box's.
        DateTime? set = right || !Around.ClockIsSane() ? null : Around.CivilNow();
        Span<byte> answer = stackalloc byte[GoyoWriter.AnswerBytesMax];
        Send(answer[..GoyoWriter.HeartbeatAnswer(answer, frame.Version, set)]);
        return Say(frame, set is null ? VerdictOf(frame) : "clockSet", nowMs, station);
    }

    private bool Record(BoxStation station, in GoyoFrame frame, ReadingKind kind, ReadingFlags flags, long nowMs)
    {
        Span<byte> answer = stackalloc byte[GoyoWriter.AnswerBytesMax];
        // Real time is answered by nobody; what comes again until it is answered, is.
        int owed = frame.Command == GoyoCommand.Realtime ? 0 : GoyoWriter.Acknowledgement(answer, frame.Version, frame.Command);
        string verdict = VerdictOf(frame);
        var outcome = station.Route.Profile.Box?.Goyo == frame.Version ? DecodeOutcome.BadFrame : DecodeOutcome.NoSuchMapping;
        if (outcome == DecodeOutcome.BadFrame && GoyoRecord.TryRead(frame, out var record))
        {
            Message.Begin(station.Route);
            if (record.TryGetTime(out var measured)) Message.MeasuredAtMs = Around.MsOf(measured);
            outcome = GoyoDecoder.Decode(station.Route, record, Message, Around.Texts);
            if (outcome == DecodeOutcome.Decoded)
            {
                if (!Append(station, kind, flags, nowMs, answer[..owed])) return false;
                if (kind == ReadingKind.Measurement && flags == ReadingFlags.None && Message.MeasuredAtMs != 0) station.SkewMs = Message.MeasuredAtMs - nowMs;
                return Say(frame, verdict, nowMs, station);
            }
        }
        Refuse(station, frame, outcome);
        AppendAnswer(station, answer[..owed]);
        return Say(frame, BoxVerdicts.Of(outcome), nowMs, station);
    }

    private bool Identity(BoxStation station, in GoyoFrame frame, long nowMs)
    {
        if (!GoyoIdentity.TryRead(frame, out var identity)) return Say(frame, "notUnderstood", nowMs, station);
        Span<byte> answer = stackalloc byte[GoyoWriter.AnswerBytesMax];
        if (identity.TryGetState(out var workNumber, out bool present))
        {
            int owed = GoyoWriter.StateAcknowledgement(answer, frame.Payload);
            if (BoxOperator.Begin(station.Route, present ? workNumber : [], Message, Around.Texts))
            {
                if (!Append(station, ReadingKind.Event, ReadingFlags.None, nowMs, answer[..owed])) return false;
            }
            else AppendAnswer(station, answer[..owed]);
            return Say(frame, VerdictOf(frame), nowMs, station);
        }
        if (!identity.TryGetPackage(out _, out _)) return Say(frame, "notUnderstood", nowMs, station);
        // Faces and card numbers are not kept: nothing waits for the disk.
        AppendAnswer(station, answer[..GoyoWriter.PackageAcknowledgement(answer, frame.Payload)]);
        return Say(frame, "feature", nowMs, station);
    }

    /// <summary>Its content has no layout that we know. Left unanswered it would come for ever; the ring has it.</summary>
    private bool NotUnderstood(BoxStation station, in GoyoFrame frame, long nowMs)
    {
        bool expectsAnswer = frame.Version == GoyoVersion.V021303
            && frame.Command is GoyoCommand.Parameters or GoyoCommand.Info or GoyoCommand.BoxInfo or GoyoCommand.CraneParameters or GoyoCommand.AntiCollision or GoyoCommand.Zone;
        Span<byte> answer = stackalloc byte[GoyoWriter.AnswerBytesMax];
        if (expectsAnswer) AppendAnswer(station, answer[..GoyoWriter.Acknowledgement(answer, frame.Version, frame.Command)]);
        return Say(frame, "notUnderstood", nowMs, station);
    }

    private BoxStation? StationOf(in GoyoFrame frame, long nowMs)
    {
        Span<byte> ascii = stackalloc byte[GoyoStation.CharactersMax];
        int length = GoyoStation.Read(frame, ascii);
        if (length == 0) return null;
        var version = frame.Version;
        byte[] sample = frame.Bytes.ToArray();
        return Known(Encoding.ASCII.GetString(ascii[..length]), name => Link.StationOf(name, "crane", box => box.Goyo == version, sample, nowMs), nowMs);
    }

    private void Refuse(BoxStation station, in GoyoFrame frame, DecodeOutcome outcome) => Around.Refused.Count(Link.Name, outcome, station.Route.Id, Encoding.ASCII.GetBytes(Convert.ToHexString(frame.Bytes)));

    private bool Say(in GoyoFrame frame, string verdict, long nowMs, BoxStation? station = null)
    {
        Heard(frame.Bytes, verdict, nowMs, station, WordOf(frame.Version));
        return true;
    }

    private static string VerdictOf(in GoyoFrame frame) =>
        frame.Length == GoyoLengthVerdict.Lies ? "lengthLies" : frame.Checksum == GoyoChecksumVerdict.LeftZero ? "checksumZero" : "ok";

    private static string WordOf(GoyoVersion version) => version switch { GoyoVersion.V021303 => "02 13 03", GoyoVersion.V01 => "V01", _ => "V11" };

    private static string WordOf(GoyoDropReason reason) => reason switch
    {
        GoyoDropReason.Truncated => "truncated",
        GoyoDropReason.ChecksumWrong => "checksumWrong",
        GoyoDropReason.UnknownVersion => "unknownVersion",
        _ => "noTail",
    };
}
