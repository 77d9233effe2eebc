using System.Collections.Concurrent;

namespace Gateway.Links.Frames;

/// <summary>All rings of the process, by bus and by connection.</summary>
public sealed class FrameRings
{
    /// <summary>Connections come and go; beyond so many addresses the one known longest makes room.</summary>
    public const int ConnectionsMax = 1_000;

    /// <summary>A connection carries one device or a few: enough for the frames around an alarm.</summary>
    private const int ConnectionBytesMax = 32 * 1024;

    private readonly ConcurrentDictionary<string, FrameRing> _rings = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _connections = new();

    public IEnumerable<FrameRing> All => _rings.Values.OrderBy(r => r.Id, StringComparer.Ordinal);

    public FrameRing? Find(string id) => _rings.GetValueOrDefault(id);

    /// <summary>A bus that left the ledger is none any more.</summary>
    public void Forget(string busId) => _rings.TryRemove(busId, out FrameRing? _);

    /// <summary>The ring of a bus of the ledger.</summary>
    public FrameRing OfBus(string busId, string protocol) => _rings.GetOrAdd(busId, id => new FrameRing(id, protocol));

    /// <summary>The ring of whoever connects from an address: it stays over reconnects, whose ports change.</summary>
    /// <param name="address">The peer's IP address, or another name that outlives one connection.</param>
    public FrameRing OfConnection(string protocol, string address)
    {
        string id = $"{protocol}@{address}";
        return _rings.GetOrAdd(id, _ =>
        {
            _connections.Enqueue(id);
            while (_connections.Count > ConnectionsMax && _connections.TryDequeue(out string? oldest)) _rings.TryRemove(oldest, out FrameRing? _);
            return new FrameRing(id, protocol, ConnectionBytesMax);
        });
    }
}
