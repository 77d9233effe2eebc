using Gateway.Links.Hj212.Recall;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>One request under way to a device. Guarded by its dialogue.</summary>
/// <param name="frame">As it goes out, each time it does.</param>
/// <param name="slice">The part of the history it asks for, or null.</param>
internal sealed class Hj212Request(Hj212Command cn, string qn, byte[] frame, RecallGap? slice, long sentMs)
{
    public Hj212Command Cn => cn;

    public string Qn => qn;

    public byte[] Frame => frame;

    public RecallGap? Slice => slice;

    public long SentMs { get; set; } = sentMs;

    public int Repeats { get; set; }

    /// <summary>It was answered by 9011, or by what it asked for.</summary>
    public bool Accepted { get; set; }

    /// <summary>When something last came that belongs to it.</summary>
    public long AliveMs { get; set; } = sentMs;

    public int Records { get; set; }

    /// <summary>Records that were taken in and are not on disk yet.</summary>
    public int Uncommitted { get; set; }

    /// <summary>The device has said all it will say.</summary>
    public bool Ended { get; set; }
}
