using Gateway.Domain.Ledger;
using Gateway.Links.Frames;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.BlackBoxes;

/// <summary>Black boxes of GOYO: cranes, in three versions of one vendor's frames.</summary>
public sealed class GoyoLink(GoyoOptions options, BoxSurroundings around, ILogger<GoyoLink> log) : BoxLink("goyo", LinkKind.Goyo, options, around, log)
{
    internal override BoxTalk Converse(string peer, FrameRing ring, Action flush) => new GoyoTalk(this, peer, ring, flush);
}
