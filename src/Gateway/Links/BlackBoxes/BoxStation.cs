using Gateway.Decoding;

namespace Gateway.Links.BlackBoxes;

/// <summary>One station as the link knows it, over all its connections. Safe for all threads.</summary>
internal sealed class BoxStation(string name, DeviceRoute route)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counters = new(StringComparer.Ordinal);
    private BoxTalk? _owner;
    private BoxTalk? _before;
    private string _version = "";
    private string _peer = "";
    private long _lastFrameMs;
    private long? _skewMs;
    private int _openResend;

    public string Name => name;

    public DeviceRoute Route => route;

    /// <summary>Of the directory when <see cref="Route"/> was last found to be right.</summary>
    public int Version { get; set; }

    /// <summary>How far its clock is ahead of ours, ms; null while it has not said.</summary>
    public long? SkewMs
    {
        get
        {
            lock (_gate) return _skewMs;
        }
        set
        {
            lock (_gate) _skewMs = value;
        }
    }

    /// <summary>Counts a frame that was heard.</summary>
    /// <returns>True when two talks that are both open take turns with this name: two devices have one address.</returns>
    public bool Heard(BoxTalk talk, string version, string verdict, long nowMs)
    {
        lock (_gate)
        {
            bool clash = _owner != talk && _before == talk && _owner is { IsOpen: true };
            if (_owner != talk) (_before, _owner) = (_owner, talk);
            (_version, _peer, _lastFrameMs) = (version, talk.Peer, nowMs);
            Add(verdict);
            if (clash) Add("addressClash");
            return clash;
        }
    }

    /// <summary>Whether it was that talk that heard it last.</summary>
    public bool IsOwnedBy(BoxTalk talk)
    {
        lock (_gate) return _owner == talk;
    }

    public void Owes(int more)
    {
        lock (_gate) _openResend += more;
    }

    public BoxStatus Status(string protocol, long nowMs)
    {
        lock (_gate)
            return new BoxStatus(name, route.Id, route.Device is not null, _peer, protocol, _version, Math.Max(0, nowMs - _lastFrameMs), new Dictionary<string, long>(_counters, StringComparer.Ordinal), _skewMs, _openResend);
    }

    private void Add(string verdict) => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counters, verdict, out _)++;
}
