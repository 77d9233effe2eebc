using Gateway.Domain.Lifecycle;
using Gateway.Lifecycle;

namespace Gateway.Store;

/// <summary>The lifecycle log, and requests that wait for a second person.</summary>
public sealed partial class StateReader
{
    /// <param name="device">Null: of all devices.</param>
    public IReadOnlyList<LifecycleEntry> LifecycleEntries(string? device)
    {
        lock (_gate)
        {
            return [.. Statement("SELECT body, seq, at_ms FROM journal WHERE kind = 'lifecycle' ORDER BY seq").All(r => LifecycleJson.Read(r.Blob(0).ToArray(), r.Long(1), r.Long(2)))
                .OfType<LifecycleEntry>().Where(e => device is null || e.Device == device)];
        }
    }

    /// <summary>Requests of the last weeks, newest first.</summary>
    /// <param name="device">Null: of all devices.</param>
    public IReadOnlyList<LifecycleRequest> LifecycleRequests(string? device)
    {
        lock (_gate)
        {
            return [.. Statement($"{LifecycleRequest.Select} ORDER BY at_ms DESC, id").All(LifecycleRequest.Read).Where(r => device is null || r.Entry.Device == device)];
        }
    }
}
