using System.Text.Json;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Damage;
using Gateway.Uplink;

namespace Gateway.Engine;

/// <summary>What the stage does about damaged files: recovers them, goes on, says so in the journal and by one alarm.</summary>
public sealed partial class EngineStage
{
    /// <summary>Cause of the alarm of each damaged file.</summary>
    internal const string DamageCause = "store-damaged";

    private const string RenumberedFrom = "renumbered_from", RenumberedTo = "renumbered_to";

    /// <summary>A disk that damages the same file again and again is past recovering: then its refusal stands, and the console says so.</summary>
    private const int RepairsMax = 5;

    private readonly List<FileDamage> _damages = [];
    private readonly Dictionary<string, int> _repairs = new(StringComparer.Ordinal);
    private FileCheck? _check;
    private bool _keepEverything;

    /// <summary>Lines are missing from here to there: the state tells of it first, and only then does the file get its new numbers, so that a crash in between forgets nothing.</summary>
    private (long From, long To)? _renumbered;

    /// <summary>Completes the look through the files after an end that was none; nothing to wait for after any other.</summary>
    internal void WaitForCheck() => _check?.Wait();

    private void OpenStores()
    {
        _reserve.TryHold();
        var (state, stateDamage) = StoreRepair.Open(_options.StatePath, p => _reserve.Open(() => StateStore.Open(p)), found => StoreRepair.State(_options.StatePath, found, WallNow(), Alive));
        _state = state;
        if (stateDamage is { NextSeq: { } seq }) _state.NumberFrom(seq, 0);
        long known = Math.Max(_mark.Read(), Math.Max(_state.MetaLong("telemetry_frontier"), _state.FurthestCursor(UplinkLedger.Telemetry)));
        (_telemetry, var telemetryDamage) = StoreRepair.Open(_options.TelemetryPath, p => _reserve.Open(() => TelemetryStore.Open(p)), found => StoreRepair.Telemetry(_options.TelemetryPath, found, WallNow(), known, SettledOnDisk(stateDamage is not null), Alive));
        FileDamage?[] found = [stateDamage, telemetryDamage ?? MissingTelemetry(known, stateDamage is not null), _beside?.Damage];
        _damages.AddRange(found.OfType<FileDamage>().Except(_damages));
        if (stateDamage is null && _state.LastSeq == 0 && _telemetry.NextLine > 0)
            _damages.Add(new FileDamage(StateStore.Name, $"{_options.StatePath}: it is missing or empty, although telemetry was stored", null, null, []) { LastGoodSeq = 0 });
    }

    private void CloseStores()
    {
        _telemetry?.Dispose();
        _state?.Dispose();
    }

    /// <summary>The state knows of lines the file does not: it was put away, or what a WAL held is gone.</summary>
    private FileDamage? MissingTelemetry(long known, bool stateDamaged)
    {
        long next = _telemetry.NextLine;
        if (next >= known) return null;
        // The last start told of it and was ended before the file had its new numbers.
        if (_state.MetaLong(RenumberedFrom) == next && _state.MetaLong(RenumberedTo) == known)
        {
            _telemetry.NumberFrom(known);
            return null;
        }
        long end = known + StoreRepair.Room;
        _telemetry.GoOnAt(end);
        _renumbered = (next, end);
        long from = Math.Max(next, SettledOnDisk(stateDamaged) ?? 0);
        return new FileDamage(TelemetryStore.Name, $"{_options.TelemetryPath}: it ends at line {next}, but lines up to {known} were stored", null, null, [])
        {
            Missing = from < known ? [new LineRange(from, known, 0, 0)] : [], NumbersFrom = next, NumbersTo = end,
        };
    }

    /// <summary>In the transaction that holds the gap.</summary>
    private void WriteRenumbered()
    {
        if (_renumbered is not var (from, to)) return;
        _state.SetMeta(RenumberedFrom, from);
        _state.SetMeta(RenumberedTo, to);
    }

    private void Renumber()
    {
        if (_renumbered is var (_, to)) _telemetry.NumberFrom(to);
        _renumbered = null;
    }

    /// <summary>Lines from here on must be there: what lay before was settled by every target, or given up.</summary>
    /// <returns>Null where nobody knows: the state lost its cursors, or is a new one beside a telemetry that is not.</returns>
    private long? SettledOnDisk(bool stateDamaged)
    {
        long trimmedTo = _state.MetaLong(TrimmedTo);
        // A target without a cursor is a new one, and owes nothing of what the others have settled.
        long[] settled = [.. _uplink.Lanes.Where(l => l.Lane == UplinkLedger.Telemetry).Select(l => _state.Progress(l.Target, UplinkLedger.Telemetry)).Where(p => !ReferenceEquals(p, Uplink.Progress.LaneMemory.Empty)).Select(p => p.Settled)];
        if (settled.Length > 0) return Math.Max(trimmedTo, settled.Min());
        return trimmedTo == 0 && (stateDamaged || _state.LastSeq == 0) ? null : trimmedTo;
    }

    /// <summary>Raises the alarms and notes the gaps of what was recovered; the next commit writes them down.</summary>
    private void TellDamage(IEnumerable<FileDamage> damages)
    {
        long nowMs = Now();
        foreach (var damage in damages)
        {
            Log.Damaged(_log, damage.File, damage.Found, damage.MovedTo ?? "-", damage.Tables.Sum(t => t.Rows));
            foreach (string folder in damage.Forgotten) Log.DamageForgotten(_log, folder);
            _engine.ConditionRaised(damage.File, DamageCause, damage.Found, nowMs);
            _engine.ConditionOver(damage.File, DamageCause, nowMs);
            foreach (var range in damage.Missing)
                _gaps.Add(new GapRow(range.From, range.To - range.From, SiteEngine.Time(range.OldestMs), SiteEngine.Time(range.NewestMs), "damage"));
        }
    }

    private void WriteDamage(long nowMs)
    {
        foreach (var d in _damages)
            _state.Journal("damage", nowMs, JsonSerializer.SerializeToUtf8Bytes(new DamageRow(d.File, d.MovedTo, d.Sha256, d.LastGoodSeq, d.RowsLost, d.NumbersFrom, d.NumbersTo), ViewJson.Default.DamageRow));
        if (!_keepEverything) return;
        foreach (var alarm in _engine.Alarms.Open)
        {
            var view = _engine.ViewOf(alarm, SeqOf(alarm.Id));
            _state.KeepAlarm(view, JsonSerializer.SerializeToUtf8Bytes(view, ViewJson.Default.AlarmView));
        }
        foreach (var (index, presence) in _engine.Presences()) _state.KeepPresence(_engine.DeviceOf(index).Id, presence.State, presence.Cause, presence.IntervalFromMs);
        KeepAllData();
        _state.SetMeta(TrimmedTo, _trim.MayGo);
    }

    private void DamageWritten()
    {
        _damages.Clear();
        _keepEverything = false;
    }

    /// <summary>Recovers every file something is said against, whoever met it: a reader, the look after the start, a commit.</summary>
    private void RepairSuspects()
    {
        if (StoreFiles.Suspicion(_options.TelemetryPath) is { } telemetry) TryRepair(TelemetryStore.Name, telemetry);
        if (StoreFiles.Suspicion(_options.StatePath) is { } state) TryRepair(StateStore.Name, state);
        if (_beside is not null && StoreFiles.Suspicion(_options.MqttPath) is { } beside) TryRepair(_beside.Name, beside);
    }

    /// <returns>False when it was recovered too often already.</returns>
    /// <exception cref="StoreException">There is no room to recover onto.</exception>
    private bool TryRepair(string file, string found)
    {
        int before = _repairs.GetValueOrDefault(file);
        if (before >= RepairsMax) return false;
        _repairs[file] = before + 1;
        var damage = file switch
        {
            TelemetryStore.Name => RepairTelemetry(found),
            StateStore.Name => RepairState(found),
            _ => _beside!.Repair(found, WallNow(), Alive),
        };
        _damages.Add(damage);
        TellDamage([damage]);
        return true;
    }

    private FileDamage RepairTelemetry(string found)
    {
        long next = _telemetry.NextLine, settled = Math.Max(SettledOnDisk(stateDamaged: false) ?? 0, _uplink.AnyTelemetry ? Math.Min(_uplink.Settled(UplinkLedger.Telemetry), next) : 0);
        _telemetry.Dispose();
        var damage = StoreRepair.Telemetry(_options.TelemetryPath, found, WallNow(), next, settled, Alive);
        _telemetry = TelemetryStore.Open(_options.TelemetryPath);
        Volatile.Write(ref _committedLines, _telemetry.NextLine);
        return damage;
    }

    private FileDamage RepairState(string found)
    {
        var (seq, laneOne) = (_state.LastSeq + 1, _state.NextLaneOne);
        _state.Dispose();
        var damage = StoreRepair.State(_options.StatePath, found, WallNow(), Alive);
        _state = StateStore.Open(_options.StatePath);
        long next = Math.Max(seq, damage.NextSeq ?? 0);
        _state.NumberFrom(next, laneOne);
        // What the engine holds is newer and more than what could be read.
        _keepEverything = true;
        _uplink.Touch();
        _reached.AddRange(_uplink.TakeChanges());
        return damage with { RowsLost = damage.RowsLost + next - damage.NextSeq, NextSeq = next };
    }

    /// <summary>Folder names carry civil time, which people compare with other logs.</summary>
    private DateTimeOffset WallNow() => _clock.Time.GetUtcNow();

    private void Alive() => Volatile.Write(ref _lastLoop, _clock.Time.GetTimestamp());
}
