using System.Numerics;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>A set of packet ids that never takes more than about 9 KB: 64 pages of 1 024 bits, made when they are needed. Ids are mostly used in order, so there are one or two.</summary>
internal sealed class PacketIdSet
{
    private const int PageBits = 10;

    private readonly ulong[]?[] _pages = new ulong[1 << (16 - PageBits)][];

    public int Count { get; private set; }

    public bool Contains(ushort id) => _pages[id >> PageBits] is { } page && (page[Word(id)] & Bit(id)) != 0;

    /// <summary>False when it is in already.</summary>
    public bool Add(ushort id)
    {
        var page = _pages[id >> PageBits] ??= new ulong[1 << (PageBits - 6)];
        if ((page[Word(id)] & Bit(id)) != 0) return false;
        page[Word(id)] |= Bit(id);
        Count++;
        return true;
    }

    /// <summary>False when it was not in.</summary>
    public bool Remove(ushort id)
    {
        if (!Contains(id)) return false;
        _pages[id >> PageBits]![Word(id)] &= ~Bit(id);
        Count--;
        return true;
    }

    /// <summary>Takes all of another set over; the other is empty afterwards.</summary>
    public void Absorb(PacketIdSet other)
    {
        for (int p = 0; p < _pages.Length; p++)
        {
            if (other._pages[p] is not { } theirs) continue;
            var page = _pages[p] ??= new ulong[theirs.Length];
            for (int w = 0; w < page.Length; w++)
            {
                Count += BitOperations.PopCount(theirs[w] & ~page[w]);
                page[w] |= theirs[w];
            }
            other._pages[p] = null;
        }
        other.Count = 0;
    }

    private static int Word(ushort id) => (id & ((1 << PageBits) - 1)) >> 6;

    private static ulong Bit(ushort id) => 1UL << (id & 63);
}
