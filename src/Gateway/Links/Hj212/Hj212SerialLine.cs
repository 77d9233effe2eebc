using System.Buffers;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Ingest;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Hj212;

/// <summary>A serial bus whose loggers speak HJ 212 by themselves: the same conversation as over TCP, on the port's own thread.</summary>
internal sealed class Hj212SerialLine : ISerialTalker, IDisposable
{
    /// <summary>What may wait while the store has no room: at 9600 baud more than a minute. Then it is dropped, and since nothing of it was answered, it comes again.</summary>
    private const int BufferBytesMax = 64 * 1024;

    private readonly Bus _bus;
    private readonly Hj212Link _link;
    private readonly SerialListener _port;
    private readonly Hj212Talk _talk;
    private byte[] _buffer = new byte[4 * 1024];
    private int _used;
    private bool _everOpened;

    public Hj212SerialLine(Bus bus, SerialFraming framing, Hj212Link link, ILogger log)
    {
        (_bus, _link) = (bus, link);
        _port = new SerialListener(bus.Id, new SerialPortOptions(bus.Port, bus.Baud, framing) { Rs485 = bus.Rs485 }, this, link.Clock.Time, log);
        _talk = new Hj212Talk(link, bus.Id, link.Rings.OfBus(bus.Id, Hj212Link.Name), Flush);
    }

    public void Start()
    {
        _link.Begin(_talk);
        _port.Start();
    }

    public void Stop()
    {
        _port.Stop(TimeSpan.FromSeconds(2));
        _link.End(_talk);
    }

    public void Dispose() => _port.Dispose();

    void ISerialTalker.Opened()
    {
        (_used, _everOpened) = (0, true);
        _link.Ingest.AppendEvent(LinkEventKind.PortOpened, _link.Clock.NowMs(), text: _bus.Id);
    }

    void ISerialTalker.Lost(string reason)
    {
        long nowMs = _link.Clock.NowMs();
        _talk.Closed(nowMs);
        // A port that was never there is a mistake of the set-up; one that was there and went is an adapter that was pulled.
        _link.Ingest.AppendEvent(LinkEventKind.PortLost, nowMs, text: _bus.Id, cause: _everOpened ? PresenceCause.Bus : PresenceCause.Port, reason: reason);
    }

    void ISerialTalker.Received(ReadOnlySpan<byte> chunk, long receivedTimestamp)
    {
        if (_used + chunk.Length > BufferBytesMax)
        {
            _link.CountForeign(_used);
            _used = 0;
        }
        if (_used + chunk.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _used + chunk.Length));
        chunk.CopyTo(_buffer.AsSpan(_used));
        _used += chunk.Length;
        Drain(_link.Clock.MsOf(receivedTimestamp));
    }

    /// <summary>What the store had no room for is offered again.</summary>
    void ISerialTalker.Idle()
    {
        if (_used > 0) Drain(_link.Clock.NowMs());
    }

    private void Drain(long nowMs)
    {
        var input = new ReadOnlySequence<byte>(_buffer, 0, _used);
        int done = (int)input.Slice(0, _talk.Take(input, nowMs, out _)).Length;
        _buffer.AsSpan(done, _used - done).CopyTo(_buffer);
        _used -= done;
        Flush();
    }

    private void Flush()
    {
        while (_talk.TryNext(out byte[] frame)) _port.Send(frame);
    }
}
