using System.Text;
using Gateway.Domain.Alarms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

/// <summary>Another ledger of the same site, taken over under way: who stays goes on as if nothing had been, who comes begins unknown, who goes is out of service from now.</summary>
public sealed partial class SiteEngine
{
    // By index, for what is still to be written of a device that has left or has another index by now.
    private readonly Dictionary<int, DeviceState> _retired = [];
    private HashSet<string> _addresses = [];

    /// <summary>The entry behind an index, also of a device that left with the newest ledger.</summary>
    public Device DeviceOf(int index) => StateOf(index).Device;

    /// <summary>Takes another ledger over. The site's id and time zone are those of before.</summary>
    /// <param name="places">The place of each device of the ledger, in the ledger's order.</param>
    public void Apply(SiteLedger ledger, IReadOnlyList<DevicePlace> places, long nowMs)
    {
        // The civil day that has begun meanwhile is still one of the old ledger.
        if (nowMs >= _dayToMs) StartDay(nowMs, atBoot: false);
        if (!Output.Any) _retired.Clear();
        // Open stretches name devices by their index.
        foreach (var device in _devices) device.Work?.Close();
        var before = _devices.ToDictionary(d => d.Device.Id, StringComparer.Ordinal);
        var followed = new DeviceState[places.Count];
        var worked = new List<(DeviceState Device, WorkMeter Before)>();
        for (int i = 0; i < followed.Length; i++)
        {
            var device = ledger.Devices[i];
            followed[i] = before.Remove(device.Id, out var known) ? Follow(known, device, places[i], nowMs) : Add(device, places[i], nowMs);
            if (followed[i] is { Work: null } anew && known?.Work is { } work) worked.Add((anew, work));
        }
        foreach (var left in before.Values) Retire(left, nowMs);
        (_ledger, _devices) = (ledger, followed);
        TakeIn(followed);
        TieMachines();
        foreach (var (device, work) in worked) device.Work?.Restore(work.WorkingMs, work.CertifiedMs);
        BeginData(nowMs);
        FollowLifecycle(nowMs);
        FollowCarriers(nowMs);
        ReturnVoid(nowMs);
    }

    private DeviceState StateOf(int index) => SlotOf(index) ?? _retired[index];

    /// <summary>The registered device of an index; null for a stranger's, and for one that has left.</summary>
    private DeviceState? SlotOf(int index) => (uint)index < (uint)_slots.Length ? _slots[index] : null;

    private DeviceState NewState(Device device, DevicePlace place, DevicePresence presence)
    {
        var state = new DeviceState(place.Index, device, place.Profile, presence, RulesOf(device, place.Profile, []), _ledger.Site.TimeZone);
        if (!_gatewayClockSane) state.Checks.GatewayClock(false, presence.SinceMs);
        return state;
    }

    /// <param name="kept">Watches that know something already; those whose rule still applies go on.</param>
    private DeviceRules RulesOf(Device device, DeviceProfile profile, RuleWatch[] kept)
    {
        var fitting = _rules.Where(r => r.AppliesTo(device.Kind, device.Safety)).ToList();
        return new([.. fitting.Select(r => Array.Find(kept, w => w.Rule == r) ?? RuleWatch.Bind(r, profile)).OfType<RuleWatch>()],
            [.. fitting.Select(r => EventWatch.Bind(r, profile)).OfType<EventWatch>()],
            [.. fitting.Where(r => r.Evaluator is SilentEvaluator)], [.. fitting.Where(r => r.Evaluator is SuspicionEvaluator)], [.. fitting.Where(r => r.Evaluator is BypassEvaluator)]);
    }

    /// <summary>What is looked up by number, name or address.</summary>
    private void TakeIn(DeviceState[] devices)
    {
        _slots = new DeviceState?[devices.Length == 0 ? 0 : devices.Max(d => d.Index) + 1];
        foreach (var device in devices) _slots[device.Index] = device;
        _addresses = devices.Select(d => $"{d.Device.LinkName}:{d.Device.Address}").ToHashSet(StringComparer.Ordinal);
        _operators = _ledger.Operators.ToDictionary(o => _texts.NumberOf(Encoding.UTF8.GetBytes(o.Id)));
    }

    private DeviceState Add(Device device, DevicePlace place, long nowMs)
    {
        var state = NewState(device, place, DevicePresence.Added(place.Index, device, nowMs, _closed));
        state.Presence.StartDay(DayFromMs);
        return state;
    }

    private DeviceState Follow(DeviceState known, Device device, DevicePlace place, long nowMs)
    {
        if (known.Index == place.Index && known.Device == device) return known;
        var state = known;
        if (known.Index == place.Index) known.Follow(device, RulesOf(device, known.Profile, known.Watches), _ledger.Site.TimeZone);
        else
        {
            state = NewState(device, place, known.Presence);
            state.TakeOver(known);
            _retired[known.Index] = known;
            EndProof(known);
        }
        Settle(state, state.Presence.Follow(place.Index, device, nowMs));
        // Another profile has other checks: what the old ones found does not count against it.
        Settle(state, state.Presence.Judged(nowMs, state.Checks.Cause));
        TellChecks(state, nowMs);
        var subject = SubjectOf(state);
        foreach (var watch in state.Watches)
            if (!watch.Active && _alarms.Find(subject, watch.Rule.Id) is { Standing: true }) watch.Resume();
        if (state.Presence.State != PresenceState.Offline) return state;
        // A rule that did not apply to it before does now.
        foreach (var rule in state.SilentRules)
            if (_alarms.Find(subject, rule.Id) is not { Standing: true }) _alarms.Raise(rule, subject, nowMs, cause: state.Presence.Cause);
        return state;
    }

    private void Retire(DeviceState left, long nowMs)
    {
        _retired[left.Index] = left;
        EndProof(left);
        Settle(left, left.Presence.InService(nowMs, inService: false));
    }

    /// <summary>Buses, brokers and DTUs go on with the devices that now hang on them.</summary>
    private void FollowCarriers(long nowMs)
    {
        var (before, lost, held) = (_carriers, Behind((_, carrier) => carrier.Lost), Behind(Held));
        _carriers = [];
        foreach (var bus in _ledger.Buses) Keep(BusSubject(bus.Id), [.. _devices.Where(d => d.Device.Bus == bus.Id)]);
        foreach (string broker in _ledger.Brokers) Keep(BrokerSubject(broker), [.. _devices.Where(d => d.Device.Broker == broker)]);
        foreach (string client in _ledger.Dtus()) Keep(ClientSubject(client), [.. _devices.Where(d => d.Device.Login == client)]);
        var devices = _devices.ToDictionary(d => d.Device.Id, StringComparer.Ordinal);
        foreach (var (id, cause) in Behind((_, carrier) => carrier.Lost).Except(lost)) Settle(devices[id], devices[id].Presence.CauseLost(nowMs, cause));
        foreach (var (id, cause) in held.Except(Behind(Held)))
            if (devices.TryGetValue(id, out var free)) Settle(free, free.Presence.CauseReturned(nowMs, cause));

        void Keep(AlarmSubject subject, DeviceState[] behind)
        {
            bool known = before.TryGetValue(subject, out var carrier);
            carrier ??= new CarrierState(behind);
            carrier.Devices = behind;
            _carriers.Add(subject, carrier);
            // The listener says in a moment whether it is there.
            if (!known && subject.Kind == SubjectKind.Client)
                foreach (var device in behind) device.Presence.Await(PresenceCause.Dtu);
        }

        // What was never there holds its devices, too.
        static string? Held(AlarmSubject subject, CarrierState carrier) => carrier.Lost ?? AwaitedCause(subject.Kind);
    }

    /// <summary>Devices behind a carrier that has a cause, each with it.</summary>
    private List<(string Device, string Cause)> Behind(Func<AlarmSubject, CarrierState, string?> causeOf) =>
        [.. _carriers.SelectMany(c => causeOf(c.Key, c.Value) is { } cause ? c.Value.Devices.Select(d => (d.Device.Id, cause)) : [])];

    /// <summary>Ends what has no condition any more: alarms of devices, buses and brokers that left, of rules that no longer apply, and of strangers that are none now.</summary>
    private void ReturnVoid(long nowMs)
    {
        var devices = _devices.ToDictionary(d => d.Device.Id, StringComparer.Ordinal);
        foreach (var alarm in _alarms.Open.Where(a => a.Standing && IsVoid(a)).ToList()) _alarms.Return(alarm.Rule, alarm.Subject, nowMs);
        foreach (var (index, stranger) in _unregistered)
            if (_addresses.Contains(SubjectOf(stranger.Device).Id)) _unregistered.Remove(index);
        foreach (var subject in _strangersHeardMs.Keys)
            if (_addresses.Contains(subject.Id)) _strangersHeardMs.Remove(subject);

        bool IsVoid(Alarm alarm) => alarm.Subject.Kind switch
        {
            SubjectKind.Device => !devices.TryGetValue(alarm.Subject.Id, out var device) || !Applies(alarm.Rule, device),
            SubjectKind.Bus or SubjectKind.Broker or SubjectKind.Client => !_carriers.ContainsKey(alarm.Subject),
            SubjectKind.Unregistered => _addresses.Contains(alarm.Subject.Id),
            _ => false,
        };
    }

    private bool Applies(string id, DeviceState device)
    {
        if (_rules.FirstOrDefault(r => r.Id == id) is not { } rule) return false;
        bool judgesField = rule.Evaluator is ThresholdEvaluator or BitEvaluator;
        return rule.AppliesTo(device.Device.Kind, device.Device.Safety) && (!judgesField || RuleWatch.Bind(rule, device.Profile) is not null);
    }
}
