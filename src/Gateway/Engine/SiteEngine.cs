using Gateway.Domain.Alarms;
using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

/// <summary>
/// Registry → rules → alarms for one site. One owner thread; deterministic: it reads no clock, file or random number, so the same calls give the same
/// <see cref="Output"/>, and a run can be simulated, replayed and audited.
/// </summary>
/// <remarks><b>Units</b>: every time is ms of the gateway's timeline (<see cref="Reading.ReceivedAtMs"/>). <b>Order</b>: times never go back.</remarks>
public sealed partial class SiteEngine
{
    /// <summary>An unregistered device that has been quiet this long no longer stands as an alarm.</summary>
    public const long UnregisteredQuietMs = 600_000;

    private readonly IReadOnlyList<Rule> _rules;
    private readonly TextTable _texts;
    private readonly Rule[] _unregisteredRules;
    private readonly Rule[] _causeRules;
    private readonly HashSet<string> _ruleIds;
    private readonly HashSet<string> _latching;
    private readonly AlarmBook _alarms;
    private readonly List<PresenceInterval> _closed = [];
    private readonly Dictionary<int, UnregisteredState> _unregistered = [];
    // Also those of an alarm that was open before a restart and have not spoken since.
    private readonly Dictionary<AlarmSubject, long> _strangersHeardMs = [];
    private readonly AlarmSubject _self;
    private SiteLedger _ledger;
    // In the ledger's order; and by index, with holes.
    private DeviceState[] _devices;
    private DeviceState?[] _slots = [];
    private Dictionary<AlarmSubject, CarrierState> _carriers;
    private Dictionary<int, Operator> _operators = [];
    private long _dayToMs;

    /// <param name="profiles">The profile of each device of the ledger, in the ledger's order.</param>
    public SiteEngine(SiteLedger ledger, IReadOnlyList<DeviceProfile> profiles, IReadOnlyList<Rule> rules, TextTable texts, string gatewayId, long nowMs)
    {
        (_ledger, _texts, _rules) = (ledger, texts, rules);
        _self = new AlarmSubject(SubjectKind.Gateway, gatewayId);
        _alarms = new AlarmBook(gatewayId, alarm => Output.Transitions.Add(new AlarmStepped(alarm)));
        _devices = new DeviceState[ledger.Devices.Count];
        for (int i = 0; i < _devices.Length; i++)
        {
            var device = ledger.Devices[i];
            _devices[i] = NewState(device, new DevicePlace(i, profiles[i]), new DevicePresence(i, device, nowMs, _closed));
        }
        _unregisteredRules = [.. rules.Where(r => r.Evaluator is UnregisteredEvaluator)];
        _ruleIds = rules.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        _latching = rules.Where(r => r.Latching).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        _causeRules = [.. rules.Where(r => r.Evaluator is CauseEvaluator)];
        _carriers = ledger.Buses.ToDictionary(b => BusSubject(b.Id), b => new CarrierState([.. _devices.Where(d => d.Device.Bus == b.Id)]));
        foreach (string broker in ledger.Brokers) _carriers.Add(BrokerSubject(broker), new CarrierState([.. _devices.Where(d => d.Device.Broker == broker)]));
        foreach (var device in _devices.Where(d => d.Device.Broker is not null)) device.Presence.Await(PresenceCause.Broker);
        AddDtus(ledger);
        TakeIn(_devices);
        TieMachines();
        BeginLifecycle();
        BeginData(nowMs);
        StartDay(nowMs, atBoot: true);
    }

    public EngineOutput Output { get; } = new();

    public AlarmBook Alarms => _alarms;

    /// <summary>Start of the current civil day in the site's zone.</summary>
    public long DayFromMs { get; private set; }

    /// <summary>One decoded message of a registered or unregistered device.</summary>
    public void Read(in Reading reading, ReadOnlySpan<Sample> samples)
    {
        if (SlotOf(reading.Device) is not { } device)
        {
            ReadUnregistered(reading.Device, reading.ReceivedAtMs);
            return;
        }
        long atMs = reading.ReceivedAtMs;
        bool live = (reading.Flags & (ReadingFlags.Retained | ReadingFlags.Backfill | ReadingFlags.Replayed)) == 0;
        bool current = (reading.Flags & (ReadingFlags.Retained | ReadingFlags.Backfill)) == 0 && reading.Kind != ReadingKind.Aggregate;
        bool anyGood = Take(device, samples, atMs, current);
        CountDatum(device, reading, anyGood);
        if (live) Heard(device, atMs);
        else if (anyGood && (reading.Flags & ReadingFlags.Backfill) != 0) Prove(device, reading);
        if ((reading.Flags & ReadingFlags.InstrumentBroken) != 0 && live) Settle(device, device.Presence.Died(atMs, PresenceCause.InstrumentBroken));
        else if (live && reading.Kind == device.Profile.Life && (anyGood || reading.Kind == ReadingKind.Heartbeat)) Settle(device, device.Presence.Alive(atMs));
        if (live && (reading.Kind == ReadingKind.Measurement || reading.Kind == device.Profile.Life)) Check(device, reading);
        if (!current) return;
        Judge(device, samples, atMs);
        foreach (var watch in device.Events)
            if (watch.Hits(samples, out double value, out double limit))
                Output.Events.Add(new EventPoint(device.Index, watch.Rule.Id, watch.Rule.Severity, value, limit, reading.PointAtUs));
        // Only a measurement can say that the machine stands still: a heartbeat or an event need not carry the load at all.
        if (live && reading.Kind == ReadingKind.Measurement && device.Source is { } source) Meter(device, source, atMs);
    }

    /// <summary>A device's connection came or went; a connection alone is not life.</summary>
    public void LinkChanged(int device, bool up, long atMs)
    {
        if (SlotOf(device) is not { } state) return;
        if (!up && state.LinkUp == true) state.LinkLosses++;
        (state.LinkUp, state.LinkSinceMs) = (up, atMs);
    }

    /// <summary>The device's own death notice.</summary>
    public void Died(int device, string cause, long atMs)
    {
        if (SlotOf(device) is { } state) Settle(state, state.Presence.Died(atMs, cause));
    }

    /// <summary>A device nobody registered spoke for the first time.</summary>
    public void Unregistered(UnregisteredDevice device, long atMs)
    {
        var subject = SubjectOf(device);
        // It was a stranger when it spoke; meanwhile the ledger has it.
        if (_addresses.Contains(subject.Id)) return;
        _unregistered.TryAdd(device.Index, new UnregisteredState(device, atMs));
        _strangersHeardMs[subject] = atMs;
        foreach (var rule in _unregisteredRules)
            if (_alarms.Find(subject, rule.Id) is not { Standing: true }) _alarms.Raise(rule, subject, atMs);
    }

    /// <summary>Lets time pass for everything that waits on it. Call at least every 250 ms.</summary>
    public void Tick(long nowMs)
    {
        if (nowMs >= _dayToMs) StartDay(nowMs, atBoot: false);
        if (nowMs >= _placeDueMs) Place(nowMs);
        foreach (var device in _devices)
        {
            Settle(device, device.Presence.Pass(nowMs));
            device.Work?.Pass(nowMs);
        }
        _alarms.Tick(nowMs, _latching.Contains);
        SayProofs(nowMs);
        ReviewData(nowMs);
        foreach (var (stranger, heardMs) in _strangersHeardMs)
            if (nowMs - heardMs >= UnregisteredQuietMs)
                foreach (var rule in _unregisteredRules)
                    if (_alarms.Find(stranger, rule.Id) is { Standing: true }) _alarms.Return(rule.Id, stranger, nowMs);
    }

    private static AlarmSubject SubjectOf(DeviceState device) => new(SubjectKind.Device, device.Device.Id);

    private static AlarmSubject SubjectOf(UnregisteredDevice device) => new(SubjectKind.Unregistered, $"{device.Link}:{device.Address}");

    private static bool Take(DeviceState device, ReadOnlySpan<Sample> samples, long atMs, bool keep)
    {
        bool anyGood = false;
        foreach (ref readonly var sample in samples)
        {
            anyGood |= sample.Quality == SampleQuality.Good;
            if (!keep) continue;
            device.Values[sample.Slot] = sample.Value;
            device.Qualities[sample.Slot] = sample.Quality;
            device.ReceivedAtMs[sample.Slot] = atMs;
        }
        return anyGood;
    }

    private void Judge(DeviceState device, ReadOnlySpan<Sample> samples, long atMs)
    {
        if (device.Watches.Length == 0) return;
        foreach (ref readonly var sample in samples)
        {
            if (sample.Quality != SampleQuality.Good) continue;
            foreach (var watch in device.Watches)
            {
                if (watch.Slot != sample.Slot) continue;
                switch (watch.Judge(sample.Value, atMs))
                {
                    case RuleVerdict.Raised: _alarms.Raise(watch.Rule, SubjectOf(device), atMs, sample.Value, watch.Limit); break;
                    case RuleVerdict.Returned: _alarms.Return(watch.Rule.Id, SubjectOf(device), atMs, watch.Rule.Latching); break;
                }
                if (watch.Active && _alarms.AnyShelved) _alarms.Seen(SubjectOf(device), watch.Rule.Id, sample.Value, atMs);
            }
        }
    }

    private void ReadUnregistered(int index, long atMs)
    {
        if (!_unregistered.TryGetValue(index, out var state)) return;
        (state.LastSeenMs, state.Messages) = (atMs, state.Messages + 1);
        Unregistered(state.Device, atMs);
    }

    /// <summary>Journals what the last presence call did, and lets the device's silence rules follow.</summary>
    private void Settle(DeviceState device, bool changed)
    {
        foreach (var interval in _closed)
        {
            Output.Transitions.Add(new IntervalClosed(interval));
            KeepDayRow(device, interval);
        }
        _closed.Clear();
        if (!changed) return;
        var presence = device.Presence;
        Output.Transitions.Add(new PresenceChanged(device.Index, presence.State, presence.Cause, presence.SinceMs, presence.IntervalFromMs));
        WorkFollows(device);
        JudgeSilence(device, presence.SinceMs);
        if (presence.State == PresenceState.NotInService) device.Checks.StartOver();
        if (presence.State is PresenceState.Online or PresenceState.NotInService) TellChecks(device, presence.SinceMs);
    }

    /// <summary>A device that need not be there may be silent.</summary>
    private void JudgeSilence(DeviceState device, long atMs)
    {
        var (presence, subject) = (device.Presence, SubjectOf(device));
        bool saidElsewhere = SaidByCheck(device, presence.Cause);
        foreach (var rule in device.SilentRules)
        {
            var open = _alarms.Find(subject, rule.Id);
            if (presence.State == PresenceState.Offline && !saidElsewhere && !device.IsExcused)
            {
                if (open is { State: AlarmState.Suppressed }) _alarms.Release(open, atMs);
                else if (open is not { Standing: true }) _alarms.Raise(rule, subject, atMs, cause: presence.Cause);
            }
            else if ((device.IsExcused || presence.State != PresenceState.Unknown) && open is { Standing: true }) _alarms.Return(rule.Id, subject, atMs);
        }
        if (presence.State == PresenceState.NotInService) device.Checks.StartOver();
        if (presence.State is PresenceState.Online or PresenceState.NotInService) TellChecks(device, presence.SinceMs);
    }

    private DateOnly Day(long atMs) => CivilDays.DateOf(atMs, _ledger.Site.TimeZone);

    private long StartOf(DateOnly day) => CivilDays.StartOf(day, _ledger.Site.TimeZone);

    private void StartDay(long nowMs, bool atBoot)
    {
        var day = Day(nowMs);
        (DayFromMs, _dayToMs) = (StartOf(day), StartOf(day.AddDays(1)));
        foreach (var device in _devices)
        {
            device.Presence.StartDay(DayFromMs);
            device.DayRows?.RemoveAll(r => r.ToMs <= DayFromMs);
            device.Work?.StartDay(DayFromMs);
        }
        Place(atBoot ? nowMs : DayFromMs);
    }
}
