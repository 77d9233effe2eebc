using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>What follows once a message is on disk: the answers its packets wait for, and what its device's history then is.</summary>
/// <param name="Answers">Frames to send, or empty.</param>
/// <param name="Device">Whose it is; null for one that is only answered.</param>
/// <param name="AtMs">Start of its interval, or the time of a live measurement.</param>
/// <param name="Recalled">The request it answers, or null.</param>
internal sealed record Hj212Owed(IReadOnlyList<byte[]> Answers, Hj212Dialogue? Device, Hj212Command Cn, long AtMs, Hj212Request? Recalled)
{
    public void Kept(long nowMs)
    {
        if (Recalled is not null) Device!.RecalledKept(Recalled);
        else if (Cn == Hj212Command.MinuteData) Device?.MinuteKept(AtMs, nowMs);
        else if (Cn == Hj212Command.RealTimeData) Device?.LiveKept(AtMs);
    }
}
