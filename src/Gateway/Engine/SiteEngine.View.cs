using Gateway.Domain.Alarms;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine.Views;

namespace Gateway.Engine;

/// <summary>What the engine shows of itself: built on its own thread, handed out immutable.</summary>
public sealed partial class SiteEngine
{
    /// <param name="seqOf">Chain sequence of an open alarm's newest step.</param>
    public SiteView View(long nowMs, long seq, Func<string, long> seqOf) => new(
        nowMs,
        seq,
        new SiteInfo(_ledger.Site.Id, _ledger.Site.Name, _ledger.Site.TimeZone.Id, _ledger.Site.Class),
        new ComplianceView(DeviceShareAt(nowMs), OperatorShareAt(), InsuranceShareAt(nowMs)),
        [.. _devices.Select(d => ViewOf(d, nowMs))],
        [.. _unregistered.Values.Select(ViewOf)],
        [.. _alarms.Open.Select(a => ViewOf(a, seqOf(a.Id)))]);

    public PresenceView PresenceOf(int device, long nowMs)
    {
        var state = StateOf(device);
        var presence = state.Presence;
        var (onlineMs, requiredMs) = TodayOf(device, nowMs);
        return new PresenceView(presence.State, presence.Cause.Length == 0 ? null : presence.Cause, Time(presence.SinceMs), LadderOf(state, nowMs),
            state.Device.ExpectedMs, state.Device.OfflineAfterMs, onlineMs, requiredMs) { FlapsLastHour = presence.LossesLastHour(nowMs) };
    }

    /// <summary>Bits that devices have reported and that stand as alarms, for the decoders' memory of what a device said last.</summary>
    public IEnumerable<(int Device, int Slot, int Bit)> StandingBits() =>
        _devices.SelectMany(d => d.Watches.Where(w => w.Active && w.Bit >= 0).Select(w => (d.Index, w.Slot, w.Bit)));

    /// <summary>Each device's live state and running figures of the day, for its regular points.</summary>
    public IEnumerable<(int Device, DevicePresence Presence)> Presences() => _devices.Select(d => (d.Index, d.Presence));

    public AlarmView ViewOf(Alarm alarm, long seq) => AlarmView.Of(alarm, seq, NameOf(alarm.Subject));

    internal static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static DateTimeOffset? TimeOrNull(long ms) => ms == 0 ? null : Time(ms);

    private LocalText NameOf(AlarmSubject subject) => subject.Kind switch
    {
        SubjectKind.Device => _devices.FirstOrDefault(d => d.Device.Id == subject.Id)?.Device.Name,
        SubjectKind.Bus => _ledger.Buses.FirstOrDefault(b => b.Id == subject.Id)?.Name,
        SubjectKind.Client => _ledger.Clients.FirstOrDefault(c => c.Id == subject.Id)?.Name,
        SubjectKind.Gateway when subject == _self => new LocalText("网关", "Gateway"),
        _ => null,
    } ?? new LocalText(subject.Id, subject.Id);

    private DeviceView ViewOf(DeviceState state, long nowMs)
    {
        var device = state.Device;
        var values = new ValueView[state.Values.Length];
        for (int slot = 0; slot < values.Length; slot++)
        {
            var field = state.Profile.Fields[slot];
            bool seen = state.ReceivedAtMs[slot] > 0;
            bool text = field.Type == FieldType.Text;
            values[slot] = new ValueView(field.Name, field.Unit, seen && !text ? state.Values[slot] : null,
                seen && text ? _texts.TextOf((int)state.Values[slot]) : null, state.Qualities[slot], TimeOrNull(state.ReceivedAtMs[slot]));
        }
        int open = _alarms.Open.Count(a => a.Subject == SubjectOf(state));
        return new DeviceView(device.Id, device.Name, device.Kind, device.Profile, device.Safety, LinkNames.Of(device.Link, null), device.Bus, device.Broker,
            PresenceOf(state.Index, nowMs), TimeOrNull(state.LastMessageMs), values, open) { Lifecycle = ViewOf(state.Span) };
    }

    private static UnregisteredView ViewOf(UnregisteredState state) => new(state.Device.Link, state.Device.Address, state.Device.Kind,
        Time(state.FirstSeenMs), Time(state.LastSeenMs), state.Messages, state.Device.Sample);

    private DeviceShare DeviceShareAt(long nowMs)
    {
        var required = _devices.Where(d => d.Device.Safety && d.Presence.State != PresenceState.NotInService && !d.IsExcused).ToList();
        var missing = required.Where(d => d.Presence.State != PresenceState.Online)
            .Select(d => new MissingView(d.Device.Id, d.Device.Name, $"{Enum.GetName(d.Presence.State)!.ToLowerInvariant()}/{d.Presence.Cause}", Time(d.Presence.SinceMs))).ToList();
        var rate = new Rate(required.Count - missing.Count, required.Count);
        long onlineMs = 0, requiredMs = 0;
        foreach (var device in _devices.Where(d => d.Device.Safety))
        {
            var (online, due) = TodayOf(device.Index, nowMs);
            (onlineMs, requiredMs) = (onlineMs + online, requiredMs + due);
        }
        return new DeviceShare(rate.Numerator, rate.Denominator, rate.Percent, rate.Met, missing, new DayShare(onlineMs, requiredMs, new Rate(onlineMs, requiredMs).Percent));
    }

    private InsuranceShare InsuranceShareAt(long nowMs)
    {
        var today = Day(nowMs);
        var covering = _ledger.Policies.Where(p => p.Covers(today)).ToList();
        var rate = new Rate(covering.Count > 0 ? 1 : 0, 1);
        DateTimeOffset? validTo = covering.Count == 0 ? null : Time(StartOf(covering.Max(p => p.ValidTo).AddDays(1)) - 1);
        return new InsuranceShare(rate.Numerator, rate.Denominator, rate.Percent, rate.Met,
            covering.Count > 0 ? [] : [new MissingView(_ledger.Site.Id, _ledger.Site.Name, "no-policy-in-force", null)], validTo);
    }
}
