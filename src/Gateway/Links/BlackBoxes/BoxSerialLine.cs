using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Ingest;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.BlackBoxes;

/// <summary>A serial bus whose boxes speak by themselves: the same conversation as over TCP, on the port's own thread.</summary>
internal sealed class BoxSerialLine : ISerialTalker, IDisposable
{
    private readonly Bus _bus;
    private readonly BoxLink _link;
    private readonly SerialListener _port;
    private readonly BoxTalk _talk;
    private bool _everOpened;
    private bool _full;

    public BoxSerialLine(Bus bus, SerialFraming framing, BoxLink link, ILogger log)
    {
        (_bus, _link) = (bus, link);
        _port = new SerialListener(bus.Id, new SerialPortOptions(bus.Port, bus.Baud, framing) { Rs485 = bus.Rs485 }, this, link.Around.Clock.Time, log);
        _talk = link.Converse(bus.Id, link.Around.Rings.OfBus(bus.Id, link.Name), Flush);
    }

    public void Start() => _port.Start();

    public void Stop() => _port.Stop(TimeSpan.FromSeconds(2));

    public void Dispose() => _port.Dispose();

    void ISerialTalker.Opened()
    {
        _everOpened = true;
        _talk.Opened();
        _link.Around.Ingest.AppendEvent(LinkEventKind.PortOpened, _link.Around.Clock.NowMs(), text: _bus.Id);
    }

    void ISerialTalker.Lost(string reason)
    {
        long nowMs = _link.Around.Clock.NowMs();
        _talk.Closed(nowMs);
        // A port that was never there is a mistake of the set-up; one that was there and went is an adapter that was pulled.
        _link.Around.Ingest.AppendEvent(LinkEventKind.PortLost, nowMs, text: _bus.Id, cause: _everOpened ? PresenceCause.Bus : PresenceCause.Port, reason: reason);
    }

    void ISerialTalker.Received(ReadOnlySpan<byte> chunk, long receivedTimestamp)
    {
        int taken = _talk.Take(chunk, _link.Around.Clock.MsOf(receivedTimestamp), out _full);
        // A wire cannot be told to wait: what has no room is not answered, and so comes again.
        if (taken < chunk.Length)
        {
            _link.Count("noRoom");
            _link.CountForeign(chunk.Length - taken);
        }
        Flush();
    }

    /// <summary>What the store had no room for is offered again.</summary>
    void ISerialTalker.Idle()
    {
        if (!_full) return;
        _talk.Take([], _link.Around.Clock.NowMs(), out _full);
        Flush();
    }

    private void Flush()
    {
        while (_talk.TryNext(out byte[] frame)) _port.Send(frame);
    }
}
