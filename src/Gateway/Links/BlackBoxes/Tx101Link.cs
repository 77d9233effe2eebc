using Gateway.Domain.Ledger;
using Gateway.Links.Frames;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.BlackBoxes;

/// <summary>Black boxes that speak TX101: cranes, hoists, dust monitors.</summary>
public sealed class Tx101Link(Tx101Options options, BoxSurroundings around, ILogger<Tx101Link> log) : BoxLink("tx101", LinkKind.Tx101, options, around, log)
{
    internal override BoxTalk Converse(string peer, FrameRing ring, Action flush) => new Tx101Talk(this, peer, ring, flush);
}
