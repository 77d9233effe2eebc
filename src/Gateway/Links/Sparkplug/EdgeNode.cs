using System.Text;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>One edge node: its session (birth, bdSeq), the order of its messages, and the devices behind it. Pure state; the host decides.</summary>
internal sealed class EdgeNode
{
    private const int EarlyMax = 128;
    private const ulong GivenUp = 1;

    // By sequence number: 0 = not seen in this session, 1 = given up, else the hash of the message that had it.
    private readonly ulong[] _seen = new ulong[SparkplugLimits.SeqMax + 1];

    public EdgeNode(string group, string node)
    {
        Self = new SparkplugSource($"{group}/{node}");
        CommandTopic = SparkplugRebirth.Topic(Encoding.UTF8.GetBytes(group), Encoding.UTF8.GetBytes(node));
    }

    public string Address => Self.Address;

    public byte[] CommandTopic { get; }

    /// <summary>The metrics of the node itself.</summary>
    public SparkplugSource Self { get; }

    /// <summary>By Device ID.</summary>
    public Dictionary<string, SparkplugSource> Devices { get; } = new(StringComparer.Ordinal);

    public HeldMessages Held { get; } = new();

    public bool IsBorn { get; private set; }

    /// <summary>Ties a death to this birth; null when the birth had none.</summary>
    public ulong? BdSeq { get; private set; }

    /// <summary>When the node says it was born, ms; 0 = not said.</summary>
    public ulong BornMs { get; private set; }

    /// <summary>The latest time of a message that was dealt with since, the birth included.</summary>
    public ulong NewestMs { get; private set; }

    /// <summary>When we had that message, ms of the gateway's timeline.</summary>
    public long NewestReceivedMs { get; private set; }

    /// <summary>Hash of the birth, to know it when it comes twice.</summary>
    public ulong BirthHash { get; private set; }

    /// <summary>The sequence number that is due.</summary>
    public byte Next { get; private set; }

    /// <summary>The gap before the held messages is given up: they are on their way out.</summary>
    public bool IsReleasing { get; set; }

    /// <summary>When the last rebirth request went out; null = never.</summary>
    public long? RebirthAskedMs { get; set; }

    /// <summary>A rebirth request waits for its time.</summary>
    public bool RebirthWanted { get; set; }

    public void Born(ulong? bdSeq, ulong bornMs, ulong hash, byte seq, long receivedAtMs)
    {
        NewestReceivedMs = receivedAtMs;
        (IsBorn, BdSeq, BornMs, NewestMs, BirthHash, RebirthWanted, IsReleasing) = (true, bdSeq, bornMs, bornMs, hash, false, false);
        Array.Clear(_seen);
        _seen[seq] = hash;
        Next = (byte)(seq + 1);
        foreach (var device in Devices.Values) device.End();
    }

    public void End()
    {
        IsBorn = false;
        Self.End();
        foreach (var device in Devices.Values) device.End();
    }

    /// <inheritdoc cref="SparkplugSource.IsDoubtful"/>
    public void Doubt()
    {
        Self.Doubt();
        foreach (var device in Devices.Values) device.Doubt();
    }

    public SparkplugTurn TurnOf(byte seq, ulong hash, ulong sentMs)
    {
        if (Held.Find(seq) is { } held) return held.Hash == hash ? SparkplugTurn.Repeated : SparkplugTurn.Another;
        if (IsAhead(seq)) return Held.Contradict(Next, seq, sentMs) ? SparkplugTurn.Another : seq == Next ? SparkplugTurn.Now : SparkplugTurn.Early;
        if (_seen[seq] == hash) return SparkplugTurn.Repeated;
        // What is late was sent before what came after it.
        return _seen[seq] == GivenUp && !SparkplugTimes.IsBefore(NewestMs, sentMs) ? SparkplugTurn.Late : SparkplugTurn.Another;
    }

    /// <summary>Whether the number can still come, as seen from the one that is due.</summary>
    public bool IsAhead(byte seq) => (byte)(seq - Next) < EarlyMax;

    /// <summary>The numbers before that one are given up: it is due.</summary>
    public void SkipTo(byte seq)
    {
        for (; Next != seq; Next++) _seen[Next] = GivenUp;
    }

    public void Saw(ulong sentMs, long receivedAtMs)
    {
        if (sentMs > NewestMs) (NewestMs, NewestReceivedMs) = (sentMs, receivedAtMs);
    }

    /// <summary>The message of that number is through.</summary>
    public void Passed(byte seq, ulong hash, ulong sentMs, long receivedAtMs)
    {
        Saw(sentMs, receivedAtMs);
        SkipTo(seq);
        _seen[seq] = hash;
        Next++;
    }

    /// <summary>The node counts from another number than we do.</summary>
    public void CountFrom(byte seq)
    {
        Array.Clear(_seen);
        Next = seq;
    }
}

/// <summary>Where a message stands in its node's sequence.</summary>
internal enum SparkplugTurn : byte
{
    Now,
    /// <summary>One before it is missing.</summary>
    Early,
    /// <summary>The very message was there before.</summary>
    Repeated,
    /// <summary>It was missing and its turn was given up.</summary>
    Late,
    /// <summary>Its number was used by another message, lies behind, or its time does not fit the others': the node counts anew and its birth was lost.</summary>
    Another,
}
