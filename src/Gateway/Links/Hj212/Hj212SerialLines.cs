using Gateway.Domain.Ledger;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Hj212;

/// <summary>All serial buses of the ledger on which HJ 212 is spoken.</summary>
public sealed class Hj212SerialLines : IDisposable
{
    private readonly List<Hj212SerialLine> _lines = [];

    public Hj212SerialLines(SiteLedger ledger, Hj212Link link, ILogger<Hj212SerialLines> log)
    {
        foreach (var bus in ledger.Buses.Where(b => b.Protocol == BusProtocol.Hj212))
            if (SerialFraming.TryParse(bus.Framing, out var framing)) _lines.Add(new Hj212SerialLine(bus, framing, link, log));
    }

    public void Start() => _lines.ForEach(l => l.Start());

    public void Stop() => _lines.ForEach(l => l.Stop());

    public void Dispose() => _lines.ForEach(l => l.Dispose());
}
