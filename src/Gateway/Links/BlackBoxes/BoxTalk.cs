using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Tcp;

namespace Gateway.Links.BlackBoxes;

/// <summary>
/// The conversation over one TCP connection or one serial line, which may carry several stations: bytes, commits and time come in, readings and frames to send come out. It owns no
/// socket and no port.
/// </summary>
/// <remarks>
/// <b>Threading</b>: <see cref="Take"/> and <see cref="Closed"/> from the wire's owner, one call at a time; commits from any thread. Boxes send a frame every few seconds, so a frame may allocate; nothing here
/// waits for the disk. <b>Shape</b>: at most <see cref="BufferBytes"/> are kept of what came.
/// </remarks>
/// <param name="peer">Address or bus, for people.</param>
/// <param name="flush">Asks the owner to send; must not block.</param>
internal abstract class BoxTalk(BoxLink link, string peer, FrameRing ring, Action flush) : IAcknowledge, IFrameSource
{
    /// <summary>Four of the longest frames.</summary>
    public const int BufferBytes = 4096;

    /// <summary>Stations on one wire beyond this are not answered: a hostile peer must not fill the memory with names.</summary>
    private const int StationsMax = 64;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<string, BoxStation> _stations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, (byte[] Answer, BoxStation Station)> _owed = new();
    private readonly ConcurrentQueue<byte[]> _ready = new();
    private int _used;
    private long _token;

    public string Peer => peer;

    public bool IsOpen { get; private set; } = true;

    /// <summary>A whole frame has come.</summary>
    public bool HasSpoken { get; private set; }

    public bool HasOutput => !_ready.IsEmpty;

    protected BoxLink Link => link;

    protected BoxSurroundings Around => link.Around;

    /// <summary>The message being decoded.</summary>
    protected DecodedMessage Message { get; } = new();

    /// <summary>Takes what came.</summary>
    /// <param name="full">The store has no room: what is left of the chunk, be it nothing, is to be offered again later.</param>
    /// <returns>How many bytes were taken over.</returns>
    public int Take(ReadOnlySpan<byte> chunk, long nowMs, out bool full)
    {
        int taken = 0;
        do
        {
            int part = Math.Min(chunk.Length - taken, BufferBytes - _used);
            chunk.Slice(taken, part).CopyTo(_buffer.AsSpan(_used));
            (taken, _used) = (taken + part, _used + part);
            full = !Scan(nowMs);
        }
        while (!full && taken < chunk.Length);
        return taken;
    }

    public bool TryNext(out byte[] frame)
    {
        if (!_ready.TryDequeue(out frame!)) return false;
        ring.Add(FrameDirection.Sent, frame, Around.Clock.NowMs() * 1000, "ok");
        return true;
    }

    /// <summary>The wire is gone: what was not answered will come again.</summary>
    public void Closed(long nowMs)
    {
        IsOpen = false;
        foreach (var station in _stations.Values)
            if (station.IsOwnedBy(this)) Around.Ingest.AppendEvent(LinkEventKind.Down, nowMs, station.Route.Index);
        foreach (long token in _owed.Keys)
            if (_owed.TryRemove(token, out var owed)) owed.Station.Owes(-1);
        _ready.Clear();
        Reopen();
    }

    /// <summary>The wire is there again, and nothing of before counts.</summary>
    public void Opened() => IsOpen = true;

    bool IAcknowledge.Committed(long token)
    {
        if (!_owed.TryRemove(token, out var owed)) return false;
        owed.Station.Owes(-1);
        _ready.Enqueue(owed.Answer);
        return true;
    }

    void IAcknowledge.Flush() => flush();

    /// <summary>Deals with what stands first in the window.</summary>
    /// <param name="consumed">How much of it is done with.</param>
    protected abstract BoxStep Step(ReadOnlySpan<byte> window, long nowMs, out int consumed);

    /// <summary>Nothing of an earlier wire counts.</summary>
    protected virtual void Forget()
    {
    }

    protected void Send(ReadOnlySpan<byte> frame) => _ready.Enqueue(frame.ToArray());

    /// <summary>The station of a frame; null, and counted, when it cannot be had.</summary>
    protected BoxStation? Known(string name, Func<string, BoxStation?> find, long nowMs)
    {
        bool isKnown = _stations.TryGetValue(name, out var station);
        if (isKnown && link.IsCurrent(station!)) return station;
        if (!isKnown && _stations.Count >= StationsMax) return null;
        // Not every frame tells enough to look a stranger up: until one does it is whom it was.
        if (find(name) is not { } found || found == station) return station;
        _stations[name] = found;
        Around.Ingest.AppendEvent(LinkEventKind.Up, nowMs, found.Route.Index);
        return found;
    }

    /// <summary>Hands over <see cref="Message"/>.</summary>
    /// <param name="answer">Leaves once it is on disk; empty = nothing is owed.</param>
    /// <returns>False when there is no room: the frame is to be offered again.</returns>
    protected bool Append(BoxStation station, ReadingKind kind, ReadingFlags flags, long nowMs, ReadOnlySpan<byte> answer, byte[]? series = null)
    {
        long token = Owe(station, answer);
        if (Around.Ingest.TryAppend(station.Route, Message, kind, flags, nowMs, token > 0 ? this : null, token, series)) return true;
        if (token > 0 && _owed.TryRemove(token, out _)) station.Owes(-1);
        return false;
    }

    /// <summary>Answers, in its turn, a frame of which nothing is kept.</summary>
    protected void AppendAnswer(BoxStation station, ReadOnlySpan<byte> answer)
    {
        if (Owe(station, answer) is > 0 and var token) Around.Ingest.AppendAck(this, token);
    }

    /// <summary>A frame is dealt with.</summary>
    protected void Heard(ReadOnlySpan<byte> frame, string verdict, long nowMs, BoxStation? station = null, string version = "")
    {
        HasSpoken = true;
        link.Count(verdict);
        if (station?.Heard(this, version, verdict, nowMs) == true) link.Count("addressClash");
        ring.Add(FrameDirection.Received, frame, nowMs * 1000, verdict, station?.Route.Id);
    }

    /// <summary>Bytes of no frame, or of a broken one.</summary>
    protected void Passed(ReadOnlySpan<byte> bytes, string verdict, long nowMs)
    {
        if (bytes.IsEmpty) return;
        if (verdict == "foreign") link.CountForeign(bytes.Length);
        else link.Count(verdict);
        ring.Add(FrameDirection.Received, bytes, nowMs * 1000, verdict);
    }

    private void Reopen()
    {
        _used = 0;
        _stations.Clear();
        Forget();
    }

    private long Owe(BoxStation station, ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty) return 0;
        _owed[++_token] = (answer.ToArray(), station);
        station.Owes(1);
        return _token;
    }

    /// <summary>False when the store has no room.</summary>
    private bool Scan(long nowMs)
    {
        int start = 0;
        var step = BoxStep.Went;
        while (step == BoxStep.Went)
        {
            step = Step(_buffer.AsSpan(start, _used - start), nowMs, out int consumed);
            start += consumed;
        }
        _buffer.AsSpan(start, _used - start).CopyTo(_buffer);
        _used -= start;
        return step != BoxStep.Full;
    }
}

internal enum BoxStep : byte
{
    /// <summary>There may be more in the window.</summary>
    Went,

    /// <summary>More bytes are needed.</summary>
    More,

    /// <summary>The store has no room for the frame that now stands first.</summary>
    Full,
}
