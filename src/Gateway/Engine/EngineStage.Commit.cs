using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Reports;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Uplink;
using Gateway.Uplink.Progress;

namespace Gateway.Engine;

/// <summary>The state commit: everything the last batch caused, in one synced transaction.</summary>
public sealed partial class EngineStage
{
    /// <summary>So many lines behind, the frontier is written even without a transition, or a crash under full load would judge too much again.</summary>
    private const long FrontierLinesMax = 50_000;

    private static readonly TimeSpan CursorsEvery = TimeSpan.FromSeconds(1);

    private readonly List<PublishedTransition> _published = [];
    private readonly List<LaneChanges> _reached = [];
    private readonly Dictionary<string, long> _alarmSeq = new(StringComparer.Ordinal);
    private readonly List<GapRow> _gaps = [];
    private readonly Dictionary<string, (long Day, WorkMemory Work)> _workKept = new(StringComparer.Ordinal);
    private readonly List<(string Device, long Day, WorkMemory Work)> _workWritten = [];
    private long _frontier;
    private long _heartbeatMs;
    private long _cursorsMs;
    private long _selfPointsMs;

    private void CommitState()
    {
        long nowMs = Now();
        bool heartbeat = nowMs - _heartbeatMs >= 1000L * _options.HeartbeatSeconds || _telemetry.NextLine - _frontier > FrontierLinesMax;
        bool cursors = nowMs - _cursorsMs >= CursorsEvery.TotalMilliseconds;
        if (cursors) _reached.AddRange(_uplink.TakeChanges());
        cursors = _reached.Count > 0;
        bool selfPoints = _uplink.Any && nowMs - _selfPointsMs >= 1000L * _identity.SelfPointsSeconds;
        bool checkpoint = NoteEvidence(nowMs);
        if (!heartbeat && !cursors && !selfPoints && !checkpoint && !_engine.Output.Any && _taken.Count == 0 && _gaps.Count == 0 && _damages.Count == 0 && _clockStep is null && _anchored is null) return;
        long writtenMs = nowMs;
        while (true)
        {
            try
            {
                _state.Commit(() => WriteState(nowMs, selfPoints, heartbeat, checkpoint));
                break;
            }
            catch (StoreException refused)
            {
                if (refused.IsDamage && TryRepair(StateStore.Name, refused.Message)) continue;
                if (refused.WantsSpace && _reserve.GiveUp())
                {
                    Log.ReserveUsed(_log, _options.ReserveMiB, refused.Message);
                    continue;
                }
                Refuses(StateStore.Name, refused);
                if (_stopping)
                {
                    foreach (var command in _taken) command.Fail(refused);
                    throw;
                }
                Pause();
                writtenMs = Now();
                ShowSelf();
                Volatile.Write(ref _lastLoop, _clock.Time.GetTimestamp());
            }
        }
        (_heartbeatMs, _frontier) = (nowMs, _telemetry.NextLine);
        if (cursors) _cursorsMs = nowMs;
        if (selfPoints) _selfPointsMs = nowMs;
        EvidenceKept(nowMs, checkpoint);
        if (_points.Count > 0) LaneOneCommitted?.Invoke();
        _engine.Output.Clear();
        _reached.Clear();
        // Only now: what it says belongs to the next commit.
        Works(StateStore.Name);
        if (_trimGiven) _trim.Journalled();
        _trimGiven = false;
        _gaps.Clear();
        DamageWritten();
        WorkWritten();
        _engine.DataKept();
        foreach (var command in _taken) command.Complete();
        _taken.Clear();
        foreach (var transition in _published) Published?.Invoke(transition);
        _published.Clear();
        // Behind the end of this commit: what it says belongs to the next one.
        StoodStill(nowMs, writtenMs);
    }

    /// <summary>Told after each commit that put something into lane one.</summary>
    public event Action? LaneOneCommitted;

    private void WriteState(long nowMs, bool selfPoints, bool heartbeat, bool checkpoint)
    {
        _published.Clear();
        _points.Clear();
        _workWritten.Clear();
        WriteDamage(nowMs);
        foreach (var transition in _engine.Output.Transitions) Write(transition, nowMs);
        foreach (var point in _engine.Output.Events) _points.Event(point, _engine.DeviceOf(point.Device).Id);
        foreach (var gap in _gaps) _points.Gap(gap, nowMs, _state.Journal("gap", nowMs, JsonSerializer.SerializeToUtf8Bytes(gap, ViewJson.Default.GapRow)));
        WriteRenumbered();
        WriteClockStep(nowMs);
        foreach (var command in _taken) command.Write(_state, nowMs);
        if (_trimGiven) _state.SetMeta(TrimmedTo, _trim.To);
        WriteUplink();
        if (selfPoints) AddSelfPoints(nowMs);
        if (heartbeat) KeepWork();
        KeepData(nowMs);
        _state.SetMeta("heartbeat_ms", nowMs);
        _state.SetMeta("telemetry_frontier", _telemetry.NextLine);
        // Last of all: it then pins what this commit wrote, too.
        if (checkpoint) WriteCheckpoint(nowMs, _checkpointReason);
        if (_uplink.Any && _points.Count > 0) _state.AppendLaneOne(_points.Lines, _points.Count);
    }

    private void WorkWritten()
    {
        foreach (var (device, day, work) in _workWritten) _workKept[device] = (day, work);
        _workWritten.Clear();
    }

    private void Write(Transition transition, long nowMs)
    {
        switch (transition)
        {
            case AlarmStepped { Alarm: var alarm }:
                var view = _engine.ViewOf(alarm, _state.LastSeq + 1);
                byte[] body = JsonSerializer.SerializeToUtf8Bytes(view, ViewJson.Default.AlarmView);
                _state.KeepAlarm(view, body);
                _published.Add(new PublishedTransition(_state.Journal("alarm", nowMs, body), "alarm", body));
                if (alarm.State == AlarmState.Normal) _alarmSeq.Remove(alarm.Id);
                else _alarmSeq[alarm.Id] = view.Seq;
                _points.Alarm(view);
                Log.Alarm(_log, alarm.State, alarm.Rule, alarm.Subject.Id, alarm.Id);
                break;
            case PresenceChanged change:
                var device = _engine.DeviceOf(change.Device);
                _state.KeepPresence(device.Id, change.State, change.Cause, change.IntervalFromMs);
                var presence = _engine.PresenceOf(change.Device, nowMs);
                byte[] row = JsonSerializer.SerializeToUtf8Bytes(new PresenceEvent(device.Id, presence), ViewJson.Default.PresenceEvent);
                long seq = _state.Journal("presence", nowMs, row);
                _published.Add(new PublishedTransition(seq, "presence", row));
                _points.Presence(device.Id, device.Kind, change.State, change.Cause, change.SinceMs, (presence.OnlineTodayMs, presence.RequiredTodayMs), change.SinceMs, seq);
                break;
            case MeasuringProved proved: Write(proved, nowMs); break;
            case IntervalClosed { Interval: var interval }:
                string id = _engine.DeviceOf(interval.Device).Id;
                var closed = new IntervalRow(id, interval.State, interval.Cause, SiteEngine.Time(interval.FromMs), SiteEngine.Time(interval.ToMs));
                _state.KeepInterval(id, interval, _state.Journal("interval", nowMs, JsonSerializer.SerializeToUtf8Bytes(closed, ViewJson.Default.IntervalRow)));
                break;
            case WorkClosed worked: WriteWork(worked, nowMs); break;
            case DataDayCounted counted: _state.Journal(DataDayJson.RowKind, nowMs, DataDayJson.Write(counted.Day)); break;
        }
    }

    private void WriteUplink()
    {
        foreach (var changes in _reached) _state.Keep(changes);
        if (_reached.Any(c => c.Lane == UplinkLedger.LaneOne)) _state.TrimLaneOne(_uplink.Settled(UplinkLedger.LaneOne));
    }

    private void AddSelfPoints(long nowMs)
    {
        var view = _engine.View(nowMs, _state.LastSeq, SeqOf);
        var (devices, operators, insurance) = (view.Compliance.Devices, view.Compliance.Operators, view.Compliance.Insurance);
        _points.Compliance(view.Site.Class, "devices", devices.Numerator, devices.Denominator, Ppm(devices.Numerator, devices.Denominator), nowMs);
        _points.Compliance(view.Site.Class, "operators", operators.Numerator, operators.Denominator, Ppm(operators.Numerator, operators.Denominator), nowMs);
        _points.Compliance(view.Site.Class, "insurance", insurance.Numerator, insurance.Denominator, Ppm(insurance.Numerator, insurance.Denominator), nowMs);
        foreach (var (index, presence) in _engine.Presences())
        {
            var device = _engine.DeviceOf(index);
            _points.Presence(device.Id, device.Kind, presence.State, presence.Cause, presence.SinceMs, _engine.TodayOf(index, nowMs), nowMs, 0);
        }
        _points.Gateway(nowMs, _ingest.Received, _telemetry.NextLine, _uplink.Settled(UplinkLedger.Telemetry), _telemetry.FileBytes(), _telemetry.DroppedLines, _clock.WallSkewMs());
    }

    private long SeqOf(string alarmId) => _alarmSeq.GetValueOrDefault(alarmId);

    private static long? Ppm(long numerator, long denominator) => new Domain.Compliance.Rate(numerator, denominator).Ppm;
}
