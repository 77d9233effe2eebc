using System.Buffers;

namespace Gateway.Protocols.Hj212;

/// <summary>Puts the packets of one split message (Flag bit 1, PNUM and PNO) together again, in the order of their numbers.</summary>
/// <remarks>
/// <b>shape</b> one message at a time; the packets' data areas are copied and joined with <c>;</c>. A packet that is sent again replaces
/// itself. <b>errors</b> <see cref="Hj212JoinVerdict"/>; what never becomes whole is the caller's to end, with the parts there are.
/// <b>threading</b> one caller. <b>source</b> HJ 212-2017 table 3; that packets of a history answer carry DataTimes of their own is from
/// public code.
/// </remarks>
public sealed class Hj212PacketJoiner
{
    /// <summary>More packets than this are taken one by one: 16 hold more factors than the standard has for one site.</summary>
    public const int PacketsMax = 16;

    private readonly byte[]?[] _parts = new byte[]?[PacketsMax];
    private readonly ArrayBufferWriter<byte> _cp = new(2 * Hj212Limits.CpBytesMax);
    private byte[] _qn = [];
    private Hj212Time _time;
    private bool _timed;
    private Hj212Command _cn;
    private int _pnum;

    /// <summary>Packets that wait for their company.</summary>
    public int Held { get; private set; }

    /// <summary>Takes one packet, or says that the message at hand has to be ended before.</summary>
    public Hj212JoinVerdict Offer(in Hj212Segment packet)
    {
        if (!packet.IsSplit || packet.Pnum is not (> 1 and <= PacketsMax) || packet.Pno is not { } pno || pno < 1 || pno > packet.Pnum)
            return Held > 0 && packet.Cn == _cn ? Hj212JoinVerdict.EndFirst : Hj212JoinVerdict.Alone;
        var timed = packet.ReadDataTime(out var time) == Hj212TimeVerdict.Ok;
        if (Held > 0 && !Belongs(packet, timed, time))
            return Hj212JoinVerdict.EndFirst;
        if (Held == 0)
            (_qn, _cn, _pnum, _timed) = (packet.Qn.ToArray(), packet.Cn, packet.Pnum.Value, false);
        if (timed)
            (_time, _timed) = (time, true);
        if (_parts[pno - 1] is null)
            Held++;
        _parts[pno - 1] = packet.Cp.ToArray();
        return Held == _pnum ? Hj212JoinVerdict.Whole : Hj212JoinVerdict.Held;
    }

    /// <summary>The data areas there are, joined; valid until the next call.</summary>
    public ReadOnlySpan<byte> Join()
    {
        _cp.ResetWrittenCount();
        foreach (var part in _parts)
        {
            if (part is null || part.Length == 0)
                continue;
            if (_cp.WrittenCount > 0 && _cp.WrittenSpan[^1] != ';')
                _cp.Write(";"u8);
            _cp.Write(part);
        }
        return _cp.WrittenSpan;
    }

    /// <summary>Forgets the message at hand.</summary>
    public void Clear()
    {
        Array.Clear(_parts);
        Held = 0;
    }

    // Two packets with two times are two records of one answer, not two halves of one message.
    private bool Belongs(in Hj212Segment packet, bool timed, Hj212Time time) =>
        packet.Cn == _cn && packet.Pnum == _pnum && packet.Qn.SequenceEqual(_qn) && (!timed || !_timed || time == _time);
}
