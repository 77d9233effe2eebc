using Gateway.Domain.Alarms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;

namespace Gateway.Engine;

/// <summary>Causes that lie in a box between us and several devices, or in ourselves: DTUs, a store that stood still, civil time that was skipped.</summary>
public sealed partial class SiteEngine
{
    public void ClientLost(string client, string reason, long atMs) => Lost(ClientSubject(client), PresenceCause.Dtu, reason, atMs);

    public void ClientBack(string client, long atMs) => Returned(ClientSubject(client), atMs);

    /// <summary>The store refuses so long that nothing is judged: silence proves nothing until it takes writes again.</summary>
    public void StoreLost(long atMs)
    {
        foreach (var device in _devices) Settle(device, device.Presence.CauseLost(atMs, PresenceCause.Store));
    }

    public void StoreBack(long atMs)
    {
        foreach (var device in _devices) Settle(device, device.Presence.CauseReturned(atMs, PresenceCause.Store));
    }

    /// <summary>The timeline jumps to civil time: once, forward, after a start with a clock that was not set. Cut at midnight, so that the running figures of the new day have their part.</summary>
    public void Skip(long fromMs, long toMs)
    {
        if (toMs >= _dayToMs)
        {
            long midnightMs = StartOf(Day(toMs));
            foreach (var device in _devices) Settle(device, device.Presence.Skip(fromMs, midnightMs));
            StartDay(midnightMs, atBoot: false);
            fromMs = midnightMs;
        }
        foreach (var device in _devices) Settle(device, device.Presence.Skip(fromMs, toMs));
    }

    /// <summary>A DTU is a client that several devices come in through; of a single one its own silence says as much.</summary>
    private void AddDtus(SiteLedger ledger)
    {
        foreach (string client in ledger.Dtus())
        {
            var behind = _devices.Where(d => d.Device.Login == client).ToArray();
            _carriers.Add(ClientSubject(client), new CarrierState(behind));
            foreach (var device in behind) device.Presence.Await(PresenceCause.Dtu);
        }
    }

    private static AlarmSubject ClientSubject(string id) => new(SubjectKind.Client, id);
}
