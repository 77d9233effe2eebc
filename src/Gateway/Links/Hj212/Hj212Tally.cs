using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>What the flags and status codes of one frame say together.</summary>
internal struct Hj212Tally
{
    private const byte LinkBroken = 0;
    private const byte ChannelNotConnected = 2;

    private int _known;
    private int _broken;
    private int _links;
    private int _linksBroken;

    /// <summary>Values measured while the instrument was maintained or calibrated (M, C).</summary>
    public int Maintained { get; private set; }

    /// <summary>Values of an instrument that is stopped or faulty (F, D).</summary>
    public int Faulty { get; private set; }

    public readonly bool SaysAnything => _known + _links > 0;

    /// <summary>
    /// The logger speaks, and no instrument behind it: every value carries B, or every status code of a link or channel says "not connected". One broken instrument of several is a
    /// bad value, not a dead device.
    /// </summary>
    public readonly bool AllBroken => (_known > 0 && _broken == _known) || (_links > 0 && _linksBroken == _links);

    public void Value(Hj212DataFlag flag)
    {
        _known++;
        if (flag == Hj212DataFlag.B) _broken++;
        else if (flag is Hj212DataFlag.M or Hj212DataFlag.C) Maintained++;
        else if (flag is Hj212DataFlag.D or Hj212DataFlag.F) Faulty++;
    }

    public void Status(Hj212Status status, byte state)
    {
        if (status is not (Hj212Status.InstrumentLink or Hj212Status.Channel)) return;
        _links++;
        if (state == (status == Hj212Status.InstrumentLink ? LinkBroken : ChannelNotConnected)) _linksBroken++;
    }
}
