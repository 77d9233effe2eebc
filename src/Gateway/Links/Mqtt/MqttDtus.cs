using Gateway.Ingest;

namespace Gateway.Links.Mqtt;

/// <summary>
/// The clients of the ledger that several devices come in through: the engine is told when the last connection of one is gone, when it is back, and when it does not come after the start.
/// </summary>
/// <param name="mayComeIn">Whether anybody can come in under the name. Who cannot is not waited for: it comes without a name, if at all, and nobody can tell it from others.</param>
/// <remarks><b>Threading</b>: safe for all.</remarks>
internal sealed class MqttDtus(IngestBuffer ingest, Func<string, bool> mayComeIn)
{
    /// <summary>What a DTU has after our start to come back by itself: the devices behind it are not known to be silent before, ms.</summary>
    private const long PatienceMs = 60_000;

    private readonly Lock _gate = new();
    // Of everybody who has a name: another ledger may make a DTU of a client that is connected.
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private long _sinceMs;

    /// <summary>From now on these are watched; of one that is new the engine is told whether it is here, or when it did not come in time.</summary>
    public void Watch(IReadOnlyList<string> clients, long nowMs)
    {
        lock (_gate)
        {
            _watched.IntersectWith(clients);
            _awaited.IntersectWith(clients);
            foreach (string client in clients)
            {
                if (!_watched.Add(client)) continue;
                if (_connections.ContainsKey(client)) ingest.AppendEvent(LinkEventKind.ClientBack, nowMs, text: client);
                else (_, _sinceMs) = (_awaited.Add(client), nowMs);
            }
        }
    }

    /// <param name="name">As in <see cref="MqttIdentity.Name"/>.</param>
    public void Came(string name, long atMs)
    {
        lock (_gate)
        {
            int here = _connections[name] = _connections.GetValueOrDefault(name) + 1;
            _awaited.Remove(name);
            if (here == 1 && _watched.Contains(name)) ingest.AppendEvent(LinkEventKind.ClientBack, atMs, text: name);
        }
    }

    /// <param name="why">For people.</param>
    public void Went(string name, string why, long atMs)
    {
        lock (_gate)
        {
            int left = _connections[name] = _connections.GetValueOrDefault(name) - 1;
            if (left > 0) return;
            _connections.Remove(name);
            if (_watched.Contains(name)) ingest.AppendEvent(LinkEventKind.ClientLost, atMs, text: name, reason: why);
        }
    }

    /// <summary>Looks for those who did not come.</summary>
    public void Sweep(long nowMs)
    {
        lock (_gate)
        {
            if (_awaited.Count == 0 || nowMs - _sinceMs < PatienceMs) return;
            foreach (string client in _awaited)
            {
                if (mayComeIn(client)) ingest.AppendEvent(LinkEventKind.ClientLost, nowMs, text: client, reason: $"did not connect within {PatienceMs / 1000} s of the start");
                else ingest.AppendEvent(LinkEventKind.ClientBack, nowMs, text: client);
            }
            _awaited.Clear();
        }
    }
}
