using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Links.Frames;
using Gateway.Protocols.Tx101;

namespace Gateway.Links.BlackBoxes;

/// <summary>A conversation with TX101 boxes, several of which may share a wire: links are answered at once, reports once they are on disk, clocks are asked for and set.</summary>
internal sealed class Tx101Talk(BoxLink link, string peer, FrameRing ring, Action flush) : BoxTalk(link, peer, ring, flush)
{
    private readonly Dictionary<Tx101Address, Tx101Party> _parties = [];

    protected override BoxStep Step(ReadOnlySpan<byte> window, long nowMs, out int consumed)
    {
        var scan = Tx101Scanner.Read(window);
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

    protected override void Forget() => _parties.Clear();

    /// <summary>False when there is no room: the frame stays in the buffer.</summary>
    private bool Handle(in Tx101Frame frame, long nowMs)
    {
        // Where the wire gives back what is sent, our own frames come in: no box sends its reports empty, or a link frame downwards.
        bool isReport = frame.Function >= Tx101Function.CraneRealtime && frame.Function != (Tx101Function)0xA0;
        if (!frame.SaysUp && (!isReport || frame.Data.IsEmpty)) return Say(frame, "echo", nowMs);
        var party = PartyOf(frame, nowMs);
        if (frame.Function == Tx101Function.Link) return LinkFrame(party, frame, nowMs);
        if (party is null)
        {
            Around.Refused.Count(Link.Name, DecodeOutcome.TooManyUnregistered, Peer, Encoding.ASCII.GetBytes(frame.Address.ToString()));
            return Say(frame, "noStation", nowMs);
        }
        AskForClock(party, frame, nowMs);
        return frame.Function switch
        {
            Tx101Function.GetClock => ClockSaid(party, frame, nowMs),
            Tx101Function.SetClock => ClockSet(party, frame, nowMs),
            _ when isReport => Report(party, frame, nowMs),
            _ => Say(frame, "notUnderstood", nowMs, party.Station),
        };
    }

    /// <summary>Also for whom nobody knows yet: a box that may not log in sends no reports.</summary>
    private bool LinkFrame(Tx101Party? party, in Tx101Frame frame, long nowMs)
    {
        if (frame.Data.IsEmpty) return Say(frame, "badData", nowMs, party?.Station);
        Span<byte> answer = stackalloc byte[Tx101Writer.FrameBytesMax];
        Send(answer[..Tx101Writer.LinkAnswer(answer, frame.Address, frame.Version, frame.Data[0])]);
        if (party is not null) AskForClock(party, frame, nowMs);
        return Say(frame, "ok", nowMs, party?.Station);
    }

    private bool Report(Tx101Party party, in Tx101Frame frame, long nowMs)
    {
        if (!frame.IsSplit) return Report(party, frame, frame.Data, nowMs);
        return party.Assembler.Take(frame) switch
        {
            Tx101AssemblyVerdict.Whole => Report(party, frame, party.Assembler.Data, nowMs),
            Tx101AssemblyVerdict.More => Say(frame, "packet", nowMs, party.Station),
            Tx101AssemblyVerdict.Repeated => Say(frame, "packetRepeated", nowMs, party.Station),
            Tx101AssemblyVerdict.Missing => Say(frame, "packetMissing", nowMs, party.Station),
            Tx101AssemblyVerdict.TooMany => Say(frame, "packetsTooMany", nowMs, party.Station),
            _ => Say(frame, "packetCount", nowMs, party.Station),
        };
    }

    private bool Report(Tx101Party party, in Tx101Frame frame, ReadOnlySpan<byte> data, long nowMs)
    {
        var station = party.Station;
        Span<byte> answer = stackalloc byte[Tx101Writer.FrameBytesMax];
        answer = answer[..Tx101Writer.Acknowledgement(answer, frame.Address, frame.Version, frame.Function)];
        if (KindOf(frame.Function) is not { } family)
        {
            AppendAnswer(station, answer);
            return Say(frame, "notUnderstood", nowMs, station);
        }
        var outcome = family == 0 || station.Route.Profile.Box?.Tx101 == family ? DecodeOutcome.BadFrame : DecodeOutcome.NoSuchMapping;
        if (outcome == DecodeOutcome.BadFrame && Tx101Record.TryRead(frame.Function, data, out var record))
        {
            long measuredMs = record.TryGetTime(out var civil) ? Around.MsOf(civil) : 0;
            bool past = measuredMs != 0 && party.IsPast(measuredMs, nowMs);
            outcome = Decode(frame.Function, station, record, past);
            if (outcome == DecodeOutcome.Decoded)
            {
                Message.MeasuredAtMs = past ? party.TrueTimeMs(measuredMs) : measuredMs;
                bool cycle = frame.Function is Tx101Function.CraneCycle or Tx101Function.HoistCycle;
                bool realtime = frame.Function is Tx101Function.CraneRealtime or Tx101Function.HoistRealtime or Tx101Function.DustRealtime;
                var kind = realtime ? ReadingKind.Measurement : ReadingKind.Event;
                if (!Append(station, kind, past ? ReadingFlags.Backfill : ReadingFlags.None, nowMs, answer, cycle ? station.Route.CyclePrefix : null)) return false;
                if (realtime && !past && measuredMs != 0) Clock(party, frame, measuredMs - nowMs, nowMs);
                return Say(frame, past ? "past" : record.HasAlarms && IsBroken(record) ? "alarmsBroken" : "ok", nowMs, station);
            }
        }
        Around.Refused.Count(Link.Name, outcome, station.Route.Id, Encoding.ASCII.GetBytes(Convert.ToHexString(frame.Bytes)));
        AppendAnswer(station, answer);
        return Say(frame, BoxVerdicts.Of(outcome), nowMs, station);
    }

    private DecodeOutcome Decode(Tx101Function function, BoxStation station, in Tx101Record record, bool past)
    {
        if (function == Tx101Function.Fingerprint)
        {
            Span<byte> digits = stackalloc byte[20];
            int length = 0;
            if (record.TryGet(Tx101Item.Person, out var person) && person.Number > 0) _ = Utf8Formatter.TryFormat((long)person.Number, digits, out length);
            return BoxOperator.Begin(station.Route, digits[..length], Message, Around.Texts) ? DecodeOutcome.Decoded : DecodeOutcome.NoKnownField;
        }
        Message.Begin(station.Route);
        return Tx101Decoder.Decode(station.Route, record, past, Message, Around.Texts);
    }

    private static bool IsBroken(in Tx101Record record)
    {
        var reader = record.Alarms;
        while (reader.MoveNext())
        {
        }
        return reader.IsBroken;
    }

    /// <summary>Its clock first: without it nobody can tell what was measured now from what was kept while nobody listened.</summary>
    private void AskForClock(Tx101Party party, in Tx101Frame frame, long nowMs)
    {
        if (!party.WantsToAsk(nowMs)) return;
        Span<byte> request = stackalloc byte[Tx101Writer.FrameBytesMax];
        Send(request[..Tx101Writer.GetClock(request, frame.Address, frame.Version)]);
    }

    private bool ClockSaid(Tx101Party party, in Tx101Frame frame, long nowMs)
    {
        if (frame.Data.Length < Tx101Time.Bytes || !Tx101Time.TryRead(frame.Data, out var civil)) return Say(frame, "badData", nowMs, party.Station);
        Clock(party, frame, Around.MsOf(civil) - nowMs, nowMs);
        return Say(frame, "ok", nowMs, party.Station);
    }

    private bool ClockSet(Tx101Party party, in Tx101Frame frame, long nowMs)
    {
        party.ClockIsSet();
        return Say(frame, "ok", nowMs, party.Station);
    }

    /// <summary>Takes note of the clock, and sets it where it is too far off and ours is known to be right.</summary>
    private void Clock(Tx101Party party, in Tx101Frame frame, long skewMs, long nowMs)
    {
        if (!party.WantsToSet(skewMs, nowMs) || !Around.ClockIsSane()) return;
        Span<byte> order = stackalloc byte[Tx101Writer.FrameBytesMax];
        Send(order[..Tx101Writer.SetClock(order, frame.Address, frame.Version, Around.CivilNow())]);
        Link.Count("clockSet");
    }

    private Tx101Party? PartyOf(in Tx101Frame frame, long nowMs)
    {
        if (_parties.TryGetValue(frame.Address, out var party)) return party;
        var family = KindOf(frame.Function) is { } known and not 0 ? known : Tx101Function.CraneRealtime;
        byte[] sample = frame.Bytes.ToArray();
        string kind = family switch { Tx101Function.HoistRealtime => "hoist", Tx101Function.DustRealtime => "dust", _ => "crane" };
        // Of a stranger that only signs in nobody knows what it is: it becomes one with its first report.
        bool isReport = frame.Function >= Tx101Function.CraneRealtime;
        var station = Known(frame.Address.ToString(), name => isReport || Around.Directory.Find(Domain.Ledger.LinkKind.Tx101, name) is not null ? Link.StationOf(name, kind, box => box.Tx101 == family, sample, nowMs) : null, nowMs);
        if (station is null) return null;
        return _parties[frame.Address] = new Tx101Party(station);
    }

    private bool Say(in Tx101Frame frame, string verdict, long nowMs, BoxStation? station = null)
    {
        Heard(frame.Bytes, verdict, nowMs, station, string.Create(CultureInfo.InvariantCulture, $"{frame.Version >> 4}.{frame.Version & 15}"));
        return true;
    }

    /// <summary>The real-time function of the same kind of machine; 0 for one that all kinds have; null for what is not read.</summary>
    private static Tx101Function? KindOf(Tx101Function function) => function switch
    {
        Tx101Function.CraneRealtime or Tx101Function.CraneCycle or Tx101Function.CraneAlarm => Tx101Function.CraneRealtime,
        Tx101Function.HoistRealtime or Tx101Function.HoistCycle or Tx101Function.HoistAlarm => Tx101Function.HoistRealtime,
        Tx101Function.DustRealtime or Tx101Function.DustAlarm => Tx101Function.DustRealtime,
        Tx101Function.Fingerprint => 0,
        _ => null,
    };

    private static string WordOf(Tx101DropReason reason) => reason switch
    {
        Tx101DropReason.Truncated => "truncated",
        Tx101DropReason.ChecksumWrong => "checksumWrong",
        _ => "noEnd",
    };
}
