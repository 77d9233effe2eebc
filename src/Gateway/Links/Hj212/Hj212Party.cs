using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>A device within one conversation: the packets of its message that is not whole yet, and the answers they wait for. Guarded by its talk.</summary>
internal sealed class Hj212Party(Hj212Device device)
{
    private readonly SortedDictionary<int, byte[]> _answers = [];

    public Hj212Device Device => device;

    public Hj212PacketJoiner Joiner { get; } = new();

    public Hj212Command Cn { get; private set; }

    public byte[] Qn { get; private set; } = [];

    /// <summary>When the newest packet came; its message is that old.</summary>
    public long PacketMs { get; private set; }

    public IReadOnlyList<byte[]> Answers => [.. _answers.Values];

    /// <param name="answer">Its 9014, or null when it wants none.</param>
    public void Hold(in Hj212Segment packet, byte[]? answer, long nowMs)
    {
        (Cn, Qn, PacketMs) = (packet.Cn, packet.Qn.ToArray(), nowMs);
        if (answer is not null) _answers[packet.Pno!.Value] = answer;
    }

    public void Clear()
    {
        Joiner.Clear();
        _answers.Clear();
    }
}
