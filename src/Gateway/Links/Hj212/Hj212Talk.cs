using System.Buffers;
using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Tcp;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>
/// The conversation over one TCP connection or one serial line, which may carry several devices: bytes, commits and time come in, readings and frames to send come out. It owns no
/// socket and no port.
/// </summary>
/// <remarks><b>Threading</b>: safe for all; whoever owns the wire sends what <see cref="TryNext"/> gives. Loggers send a frame every few seconds, so a frame may allocate; nothing here waits for the disk.</remarks>
/// <param name="peer">Address or bus, for people.</param>
/// <param name="flush">Asks the owner to send; must not block.</param>
internal sealed class Hj212Talk(Hj212Link link, string peer, FrameRing ring, Action flush) : IAcknowledge, IFrameSource
{
    /// <summary>So long the packets of a message wait for each other; then what is there is taken, or a logger that wants each packet answered would wait for ever.</summary>
    private const long JoinMs = 2_000;

    private readonly Lock _gate = new();
    private readonly DecodedMessage _message = new();
    private readonly Dictionary<string, Hj212Party> _parties = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Hj212Owed> _owed = new();
    private readonly ConcurrentQueue<byte[]> _ready = new();
    private readonly byte[] _scratch = new byte[Hj212Limits.FrameBytesMax];
    private long _token;
    private bool _again;

    public string Peer => peer;

    public bool HasOutput => !_ready.IsEmpty;

    /// <summary>Takes the frames of a buffer.</summary>
    /// <param name="full">The store has no room: the rest of the buffer is to be offered again later.</param>
    /// <returns>Up to where the buffer is done with.</returns>
    public SequencePosition Take(in ReadOnlySequence<byte> input, long nowMs, out bool full)
    {
        lock (_gate)
        {
            var rest = input;
            full = false;
            while (true)
            {
                var scan = Hj212Scanner.Read(rest);
                if (scan.SkippedBytes + scan.DroppedBytes > 0) Foreign(scan, nowMs);
                if (scan.Status == OperationStatus.Done && !Handle(scan.Frame, nowMs))
                {
                    full = true;
                    // What stood before the frame is counted: it must not be offered again with it.
                    return scan.Frame.Whole.Start;
                }
                rest = rest.Slice(scan.Consumed);
                if (scan.Status == OperationStatus.NeedMoreData) return rest.Start;
            }
        }
    }

    /// <summary>Lets time pass: packets that wait too long, requests that are due. Call about once a second.</summary>
    public void Tick(long nowMs)
    {
        lock (_gate)
        {
            foreach (var party in _parties.Values)
            {
                if (party.Joiner.Held > 0 && nowMs - party.PacketMs >= JoinMs && !End(party)) continue;
                if (party.Device.Owner == this && party.Device.Dialogue.Tick(nowMs) is { } request) Send(request);
            }
        }
        if (HasOutput) flush();
    }

    public bool TryNext(out byte[] frame)
    {
        if (!_ready.TryDequeue(out frame!)) return false;
        ring.Add(FrameDirection.Sent, frame, link.Clock.NowMs() * 1000, "ok");
        return true;
    }

    /// <summary>The wire is gone: what was not answered will come again.</summary>
    public void Closed(long nowMs)
    {
        lock (_gate)
        {
            foreach (var party in _parties.Values)
            {
                if (party.Joiner.Held > 0) End(party);
                if (party.Device.Owner != this) continue;
                party.Device.Owner = null;
                party.Device.Dialogue.Gone();
                link.DeviceDown(party.Device.Route, nowMs);
            }
            _parties.Clear();
            _ready.Clear();
        }
    }

    bool IAcknowledge.Committed(long token)
    {
        if (!_owed.TryRemove(token, out var owed)) return false;
        owed.Kept(link.Clock.NowMs());
        foreach (byte[] answer in owed.Answers) Send(answer);
        return owed.Answers.Count > 0;
    }

    void IAcknowledge.Flush() => flush();

    /// <summary>False when there is no room: the frame stays in the buffer.</summary>
    private bool Handle(in Hj212Frame frame, long nowMs)
    {
        var data = frame.Contiguous(_scratch);
        var segment = Hj212Segment.Parse(data);
        if (!_again) link.Count(frame.Crc == Hj212CrcVerdict.Wrong ? "crcWrong" : frame.Crc.ToString());
        // A wrong checksum is not answered: the logger sends it again.
        if (!link.Believes(segment.Mn, frame.Crc, out var known))
        {
            known?.Count("crcWrong");
            Keep(frame, "crcWrong", known?.Route.Id, nowMs);
            link.Refused.Count(Hj212Link.Name, DecodeOutcome.BadFrame, peer, data);
            return true;
        }
        if (PartyOf(segment, nowMs) is not { } party)
        {
            Keep(frame, "tooManyUnregistered", null, nowMs);
            link.Refused.Count(Hj212Link.Name, DecodeOutcome.TooManyUnregistered, peer, segment.Mn);
            if (Owes(segment) is { } answer) Later(new Hj212Owed([answer], null, segment.Cn, nowMs, null));
            return true;
        }
        if (!_again)
        {
            party.Device.Took(frame.Crc);
            party.Device.Owner = this;
            party.Device.Dialogue.Heard(segment, nowMs);
            Keep(frame, "ok", party.Device.Route.Id, nowMs);
        }
        bool done = Dispatch(segment, party, nowMs);
        _again = !done;
        return done;
    }

    private bool Dispatch(in Hj212Segment segment, Hj212Party party, long nowMs)
    {
        switch (segment.Cn)
        {
            case Hj212Command.RealTimeData or Hj212Command.MinuteData or Hj212Command.HourData or Hj212Command.DayData or Hj212Command.DeviceState or Hj212Command.SiteInformation:
                return Data(segment, party, nowMs);
            case Hj212Command.DeviceRunTime or Hj212Command.LoggerBootTime:
                link.Count($"cn{(int)segment.Cn}");
                if (Owes(segment) is { } answer) Later(new Hj212Owed([answer], null, segment.Cn, nowMs, null));
                return true;
            case Hj212Command.Heartbeat:
                return Heartbeat(segment, party, nowMs);
            case Hj212Command.RequestAck or Hj212Command.ExecutionResult:
                if (!party.Device.Dialogue.Answered(segment, nowMs)) party.Device.Count("answerToNothing");
                return true;
            case Hj212Command.TimeSyncRequest:
                link.Count($"cn{(int)segment.Cn}");
                if (segment.WantsAck) Send(Answer(segment, Hj212Reply.WriteNotificationAck));
                party.Device.Dialogue.AskedForTime(segment.ItemValue("PolId"u8), nowMs);
                return true;
            default:
                link.Count($"cn{(int)segment.Cn}");
                // What is no reply and not known here is not carried out, and the device told so.
                if (segment.WantsAck && (int)segment.Cn < (int)Hj212Command.RequestAck) Send(Answer(segment, static (IBufferWriter<byte> to, in Hj212Segment s) => Hj212Reply.WriteRequestAck(to, s, Hj212QnRtn.CnWrong)));
                return true;
        }
    }

    private bool Data(in Hj212Segment segment, Hj212Party party, long nowMs)
    {
        byte[]? answer = Owes(segment);
        switch (party.Joiner.Offer(segment))
        {
            case Hj212JoinVerdict.EndFirst:
                return End(party) && Data(segment, party, nowMs);
            case Hj212JoinVerdict.Held:
                party.Hold(segment, answer, nowMs);
                return true;
            case Hj212JoinVerdict.Whole:
                party.Hold(segment, answer, nowMs);
                return End(party);
            default:
                return Append(party.Device, segment.Cn, segment.Qn, segment.Cp, answer is null ? [] : [answer], nowMs);
        }
    }

    /// <summary>Takes the packets there are for the message.</summary>
    private bool End(Hj212Party party)
    {
        if (!Append(party.Device, party.Cn, party.Qn, party.Joiner.Join(), party.Answers, party.PacketMs)) return false;
        party.Clear();
        return true;
    }

    private bool Append(Hj212Device device, Hj212Command cn, ReadOnlySpan<byte> qn, ReadOnlySpan<byte> cp, IReadOnlyList<byte[]> answers, long receivedAtMs)
    {
        bool aggregate = cn is Hj212Command.MinuteData or Hj212Command.HourData or Hj212Command.DayData, live = cn == Hj212Command.RealTimeData;
        bool timed = new Hj212Segment { Cp = cp }.ReadDataTime(out var time) == Hj212TimeVerdict.Ok;
        long saidMs = timed ? Hj212Rules.MsOf(time, link.Zone) : 0;
        _message.Begin(device.Route);
        _message.MeasuredAtMs = saidMs;
        _message.SpanMinutes = SpanMinutesOf(device.Route, cn);
        var outcome = Hj212Decoder.Decode(device.Route, cp, aggregate, _message, out var tally);
        if (outcome != DecodeOutcome.Decoded)
        {
            // A state of pumps and fans that the profile does not ask for is no fault of the device.
            if (aggregate || live) link.Refused.Count(Hj212Link.Name, outcome, device.Route.Id, cp);
            if (answers.Count > 0) Later(new Hj212Owed(answers, null, cn, receivedAtMs, null));
            return true;
        }
        var recalled = aggregate && timed ? device.Dialogue.RecalledBy(cn, qn, saidMs, receivedAtMs) : null;
        var kind = aggregate ? ReadingKind.Aggregate : live ? ReadingKind.Measurement : ReadingKind.Status;
        // What an interval says of the wire to an instrument is over when it comes.
        var flags = (tally.AllBroken && !aggregate ? ReadingFlags.InstrumentBroken : ReadingFlags.None) | (recalled is null ? ReadingFlags.None : ReadingFlags.Backfill);
        long token = ++_token;
        _owed[token] = new Hj212Owed(answers, !aggregate || timed ? device.Dialogue : null, cn, aggregate ? saidMs : receivedAtMs, recalled);
        if (!link.Ingest.TryAppend(device.Route, _message, kind, flags, receivedAtMs, this, token, SeriesOf(device.Route, cn)))
        {
            _owed.TryRemove(token, out _);
            return false;
        }
        Count(device, tally, recalled is not null);
        if (recalled is not null) device.Dialogue.Recalled(recalled, receivedAtMs);
        else if (live && timed) device.Dialogue.Showed(time, receivedAtMs);
        return true;
    }

    /// <summary>The logger lives; what hangs on it need not.</summary>
    private bool Heartbeat(in Hj212Segment segment, Hj212Party party, long nowMs)
    {
        _message.Begin(party.Device.Route);
        if (!link.Ingest.TryAppend(party.Device.Route, _message, ReadingKind.Heartbeat, ReadingFlags.None, nowMs)) return false;
        party.Device.Count("heartbeat");
        if (segment.WantsAck) Send(Answer(segment, Hj212Reply.WriteNotificationAck));
        return true;
    }

    private Hj212Party? PartyOf(in Hj212Segment segment, long nowMs)
    {
        string mn = System.Text.Encoding.ASCII.GetString(segment.Mn);
        if (link.DeviceOf(mn, segment.Cp, nowMs) is not { } device) return null;
        if (_parties.TryGetValue(mn, out var known) && known.Device == device) return known;
        if (known is { Joiner.Held: > 0 } && !End(known)) return known;
        link.DeviceUp(device.Route, nowMs);
        return _parties[mn] = new Hj212Party(device);
    }

    private void Count(Hj212Device device, Hj212Tally tally, bool recalled)
    {
        if (recalled) Both("recalled");
        if (tally.Maintained > 0) Both("maintenance");
        if (tally.Faulty > 0) Both("instrumentFault");
        if (tally.AllBroken) Both("instrumentBroken");

        void Both(string what)
        {
            link.Count(what);
            device.Count(what);
        }
    }

    private void Foreign(in Hj212Scan scan, long nowMs)
    {
        link.CountForeign(scan.SkippedBytes + scan.DroppedBytes);
        string verdict = scan.Drop switch { Hj212DropReason.None => "foreign", Hj212DropReason.TooLong => "tooLong", _ => "truncated" };
        if (scan.Drop != Hj212DropReason.None) link.Count(verdict);
        ring.Add(FrameDirection.Received, Copy(scan.Refuse), nowMs * 1000, verdict);
    }

    private void Keep(in Hj212Frame frame, string verdict, string? device, long nowMs) => ring.Add(FrameDirection.Received, Whole(frame), nowMs * 1000, verdict, device);

    // The data segment lies in the scratch buffer and is still being read: the ring gets a copy of its own.
    private static ReadOnlySpan<byte> Whole(in Hj212Frame frame) => frame.Whole.IsSingleSegment ? frame.Whole.FirstSpan : frame.Whole.ToArray();

    private static ReadOnlySpan<byte> Copy(in ReadOnlySequence<byte> refuse) => refuse.IsSingleSegment ? refuse.FirstSpan : refuse.Slice(0, Math.Min(refuse.Length, FrameRing.FrameBytesMax)).ToArray();

    /// <summary>An answer that leaves once everything before it is on disk.</summary>
    private void Later(Hj212Owed owed)
    {
        _owed[++_token] = owed;
        link.Ingest.AppendAck(this, _token);
    }

    private static byte[]? Owes(in Hj212Segment segment) => segment.WantsAck && Answer(segment, Hj212Reply.WriteDataAck) is { Length: > 0 } answer ? answer : null;

    /// <summary>A request that cannot be answered, for want of a QN or with one that would break the frame, gives no frame.</summary>
    private void Send(byte[] frame)
    {
        if (frame.Length > 0) _ready.Enqueue(frame);
    }

    private static byte[]? SeriesOf(DeviceRoute device, Hj212Command cn) => cn switch
    {
        Hj212Command.MinuteData => device.MinutePrefix, Hj212Command.HourData => device.HourPrefix, Hj212Command.DayData => device.DayPrefix, _ => null,
    };

    private static ushort SpanMinutesOf(DeviceRoute device, Hj212Command cn) => cn switch
    {
        Hj212Command.MinuteData => device.MinuteSpan, Hj212Command.HourData => DeviceRoute.HourSpan, Hj212Command.DayData => DeviceRoute.DaySpan, _ => 0,
    };

    private static byte[] Answer(in Hj212Segment segment, ReplyWriter write)
    {
        var to = new ArrayBufferWriter<byte>(128);
        write(to, segment);
        return to.WrittenSpan.ToArray();
    }

    private delegate Hj212WriteVerdict ReplyWriter(IBufferWriter<byte> to, in Hj212Segment segment);
}
