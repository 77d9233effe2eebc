using Gateway.Domain.Ledger;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.BlackBoxes;

/// <summary>All serial buses of the ledger on which black boxes speak.</summary>
public sealed class BoxSerialLines : IDisposable
{
    private readonly List<BoxSerialLine> _lines = [];

    public BoxSerialLines(SiteLedger ledger, GoyoLink goyo, Tx101Link tx101, ILogger<BoxSerialLines> log)
    {
        foreach (var bus in ledger.Buses)
        {
            BoxLink? link = bus.Protocol switch { BusProtocol.Goyo => goyo, BusProtocol.Tx101 => tx101, _ => null };
            if (link is not null && SerialFraming.TryParse(bus.Framing, out var framing)) _lines.Add(new BoxSerialLine(bus, framing, link, log));
        }
    }

    public void Start() => _lines.ForEach(l => l.Start());

    public void Stop() => _lines.ForEach(l => l.Stop());

    public void Dispose() => _lines.ForEach(l => l.Dispose());
}
