using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Engine.Views;

namespace Gateway.Engine;

/// <summary>Where each device stands in its life now: what is suspended or not in service is not required, and its silence is no alarm.</summary>
public sealed partial class SiteEngine
{
    private static readonly LifecyclePolicy LogPolicy = new();

    private LifecycleTimeline _timeline = null!;
    private long _placeDueMs;

    /// <summary>Takes the whole log as it is now, also entries made late or effective later; what follows for now follows at once.</summary>
    /// <param name="today">Closed intervals that reach into the current day, of any devices.</param>
    public void TakeLifecycle(IReadOnlyList<LifecycleEntry> entries, IEnumerable<PresenceInterval> today, long nowMs)
    {
        _timeline = TimelineOf(entries);
        var named = entries.Select(e => e.Device).ToHashSet(StringComparer.Ordinal);
        foreach (var device in _devices) device.DayRows = named.Contains(device.Device.Id) ? [] : null;
        foreach (var interval in today) KeepDayRow(StateOf(interval.Device), interval);
        foreach (var device in _devices) device.Data?.Recount();
        Place(nowMs);
    }

    /// <summary>Online and required milliseconds of today. Where the log speaks of the device, by the arithmetic of the reports.</summary>
    public (long OnlineMs, long RequiredMs) TodayOf(int device, long nowMs)
    {
        var state = StateOf(device);
        var presence = state.Presence;
        if (state.DayRows is not { } rows) return presence.Today(nowMs);
        var window = new AccountWindow(WindowKind.Day, DayFromMs, _dayToMs, [new CivilDay(Day(DayFromMs), DayFromMs, _dayToMs)]);
        var open = new OpenInterval(state.Device.Id, presence.State, presence.Cause, presence.IntervalFromMs);
        var total = Accounts.Of(new AccountInput([state.Account], rows, [open], _timeline, window, nowMs)).Devices[0].Total;
        return (total.OnlineMs, total.RequiredMs(UnknownCounts.AsNotOnline));
    }

    /// <summary>Before anything else of the engine: the ledger's days alone.</summary>
    private void BeginLifecycle() => _timeline = TimelineOf([]);

    /// <summary>Another ledger has other days; the log is the same.</summary>
    private void FollowLifecycle(long nowMs)
    {
        _timeline = TimelineOf(_timeline.Entries);
        var named = _timeline.Entries.Select(e => e.Device).ToHashSet(StringComparer.Ordinal);
        foreach (var device in _devices)
        {
            if (named.Contains(device.Device.Id)) device.DayRows ??= [];
            // Other days in service: other slots are expected.
            device.Data?.Recount();
        }
        Place(nowMs);
    }

    private LifecycleTimeline TimelineOf(IEnumerable<LifecycleEntry> entries) => LifecycleTimeline.Build(entries, long.MaxValue, _devices.Select(d => d.Account.Service), LogPolicy);

    /// <summary>Finds where each device stands, and when the next of them will stand elsewhere.</summary>
    private void Place(long nowMs)
    {
        _placeDueMs = long.MaxValue;
        foreach (var device in _devices)
        {
            var span = SpanOf(device, nowMs);
            _placeDueMs = Math.Min(_placeDueMs, span.ToMs);
            if (span == device.Span) continue;
            device.Span = span;
            Settle(device, device.Presence.InService(nowMs, device.Watched));
            AlarmsFollow(device, nowMs);
            JudgeSilence(device, nowMs);
            WorkFollows(device);
        }
    }

    /// <summary>While somebody works at the device itself its alarms are out of service.</summary>
    private void AlarmsFollow(DeviceState device, long nowMs)
    {
        bool worked = device.IsExcused && SuspensionReason.Find(device.Span.Entry?.Reason) is { AtItsSensors: true };
        _alarms.Service(SubjectOf(device), inService: !worked, nowMs);
    }

    private LifecycleSpan SpanOf(DeviceState device, long atMs)
    {
        var spans = _timeline.Of(device.Device.Id);
        int i = 0;
        while (spans[i].ToMs <= atMs) i++;
        return spans[i];
    }

    /// <summary>Since when it is watched, or is not, without a break; null: since ever.</summary>
    private long? ServiceChange(DeviceState device, long nowMs)
    {
        var spans = _timeline.Of(device.Device.Id);
        int i = 0;
        while (spans[i].ToMs <= nowMs) i++;
        bool watched = DeviceState.IsWatched(spans[i].State);
        while (i > 0 && DeviceState.IsWatched(spans[i - 1].State) == watched) i--;
        return spans[i].FromMs == long.MinValue ? null : spans[i].FromMs;
    }

    /// <summary>Rows of devices the log speaks of; numbered here, because only their order counts.</summary>
    private void KeepDayRow(DeviceState device, PresenceInterval interval)
    {
        if (device.DayRows is { } rows && interval.ToMs > DayFromMs)
            rows.Add(new AccountInterval(device.Device.Id, interval.State, interval.Cause, interval.FromMs, interval.ToMs, rows.Count == 0 ? 1 : rows[^1].Seq + 1));
    }

    private static LifecycleView ViewOf(LifecycleSpan span) => new(LifecycleWords.IdOf(span.State), span.Entry?.Reason,
        span is { State: LifecycleState.Suspended, Entry.UntilMs: { } until } ? Time(until) : null, span.Entry?.Filing);
}
