using System.Text;
using System.Text.Json;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Engine.Views;
using Gateway.Ingest;
using Gateway.Protocols.LineProtocol;
using Gateway.Store;
using Gateway.Store.Damage;
using Gateway.Uplink;

namespace Gateway.Engine;

/// <summary>Before, between and after the commits: recovery, giving space back, showing what there is, the last words.</summary>
public sealed partial class EngineStage
{
    /// <summary>Lines read again at a start so that what devices send once more finds the time it had: the points a series remembers, for some hundred busy series. Counted in lines because a commit may hold a single one.</summary>
    private const int ClockLines = 10_000;

    private const int TrimSegmentsMax = 2_000;

    /// <summary>Settled lines stay so long where there is room: a start finds in them which times its series have given already, and a device may say a second thing of one millisecond, or the same once more, that late.</summary>
    private const long SettledKeptMs = 15 * 60_000;

    /// <summary>Under this name trouble with giving space back stands among the refusals.</summary>
    private const string House = "house";

    private static readonly TimeSpan HouseEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ViewEvery = TimeSpan.FromMilliseconds(250);

    private readonly List<Sample> _replayed = [];
    private volatile SiteView? _view;
    private volatile bool _viewWanted;
    private TaskCompletionSource<SiteView>? _viewReady;
    private long _houseMs;
    private long _viewMs;

    /// <summary>Opens the stores, takes up what was, judges again what was stored but not judged. Call once, before <see cref="Start"/>.</summary>
    /// <exception cref="StoreException">The store cannot be opened; the message says what and where.</exception>
    public void Recover()
    {
        Directory.CreateDirectory(_options.Directory);
        long replayed;
        bool inOrder;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                OpenStores();
                inOrder = _state.EndedInOrder();
                replayed = TakeUp(Now());
                break;
            }
            catch (StoreException damage) when (damage.IsDamage && attempt <= RepairsMax)
            {
                // The file opened, and what stands further inside it cannot be read: it is recovered at the next opening.
                CloseStores();
            }
        }
        DamageWritten();
        CommitState();
        Renumber();
        ShowSelf();
        if (!inOrder) _check = new FileCheck([_options.StatePath, _options.TelemetryPath, _options.MqttPath]);
        Log.Recovered(_log, _options.Directory, _telemetry.NextLine, _state.LastSeq, replayed);
    }

    private long TakeUp(long nowMs)
    {
        _engine = new SiteEngine(_ledger, [.. _directory.Registered.Select(r => r.Profile.Device)], _rules, _texts, _identity.GatewayId, nowMs);
        _frontier = _state.MetaLong("telemetry_frontier");
        _trim.Restore(_state.MetaLong(TrimmedTo));
        var memory = _state.Memory(_directory.Registered.ToDictionary(r => r.Id, r => r.Index, StringComparer.Ordinal), _engine.DayFromMs);
        foreach (var alarm in _state.OpenAlarms()) _alarmSeq[alarm.Id] = alarm.Seq;
        memory = Explained(memory, nowMs);
        TakeLifecycle(nowMs);
        _engine.Restore(memory, nowMs);
        TakeData();
        long oldest = _telemetry.Oldest()?.FirstLine ?? _telemetry.NextLine;
        foreach (var lane in _uplink.Lanes)
        {
            bool telemetry = lane.Lane == UplinkLedger.Telemetry;
            lane.Restore(_state.Progress(lane.Target, lane.Lane), telemetry ? oldest : 0, telemetry ? _telemetry.NextLine : _state.NextLaneOne, nowMs);
        }
        long replayed = Replay();
        foreach (var (device, slot, bit) in _engine.StandingBits()) _directory.Registered[device].Alarms.Restore(slot, bit);
        Volatile.Write(ref _committedLines, _telemetry.NextLine);
        _gaps.Clear();
        TellDamage(_damages);
        _state.Commit(() =>
        {
            WriteDamage(nowMs);
            var boot = new BootRow(_identity.GatewayId, _identity.Version, _identity.LedgerSha256, _identity.RulesSha256, _identity.ConfigurationSha256, _identity.ConfigurationOverrides, _frontier, replayed, LastEnd, Host.Exit?.Words);
            if (!_identity.LedgerUtf8.IsEmpty) _state.KeepLedger(_identity.LedgerSha256, _identity.LedgerUtf8.Span, nowMs);
            KeepDataFrom();
            _state.Journal("boot", nowMs, JsonSerializer.SerializeToUtf8Bytes(boot, ViewJson.Default.BootRow));
            KeepBootId();
        });
        BeginEvidence(nowMs);
        return replayed;
    }

    public void Start()
    {
        _thread.Start();
        _compactor.Start();
        // After an orderly end nothing was being written that could have been torn.
        _check?.Start();
    }

    /// <summary>What the engine shows now, at most about a quarter of a second old.</summary>
    public Task<SiteView> ViewAsync()
    {
        var view = _view;
        if (view is not null && _clock.NowMs() - view.AtMs <= ViewEvery.TotalMilliseconds) return Task.FromResult(view);
        var ready = new TaskCompletionSource<SiteView>(TaskCreationOptions.RunContinuationsAsynchronously);
        ready = Interlocked.CompareExchange(ref _viewReady, ready, null) ?? ready;
        _viewWanted = true;
        _urgent.Set();
        _ingest.Arrived.Set();
        return ready.Task;
    }

    private void ShowSelf()
    {
        long nowMs = Now();
        bool due = nowMs - _viewMs >= ViewEvery.TotalMilliseconds;
        if (_view is not null && !_viewWanted) return;
        if (_view is null || due)
        {
            _view = _engine.View(nowMs, _state.LastSeq, SeqOf);
            _viewMs = nowMs;
        }
        _viewWanted = false;
        Interlocked.Exchange(ref _viewReady, null)?.TrySetResult(_view);
    }

    private void KeepHouse()
    {
        long nowMs = Now();
        KeepMember();
        KeepWal();
        bool due = nowMs - _houseMs >= HouseEvery.TotalMilliseconds;
        if (!due && !_trim.Busy) return;
        if (due) RepairSuspects();
        try
        {
            if (due && _uplink.AnyTelemetry)
            {
                // Settled lines are kept for the read-back while there is room for them, and for a start that comes before their repeats do.
                long settled = Math.Min(_uplink.Settled(UplinkLedger.Telemetry), _frontier), releasable = Math.Min(_uplink.Releasable, settled);
                long excess = _telemetry.BodyBytes - _options.SettledMiBMax * 1024L * 1024L;
                _telemetry.Trim(MayGo, TrimSegmentsMax, dropped: false);

                // What goes by age makes room too: it counts against the excess, or more would go than has to.
                bool MayGo(SegmentHead s)
                {
                    bool roomWanted = excess > 0;
                    excess -= s.Bytes;
                    return (s.EndLine <= releasable && nowMs - s.ReceivedMs >= SettledKeptMs) || (s.EndLine <= settled && roomWanted);
                }
            }
            KeepBudget(nowMs);
            if (due) GiveBack();
            _roomWanted &= _telemetry.FreePages() > 0;
            Works(House);
        }
        catch (StoreException refused)
        {
            // What is to be given up needs a little room itself: the WAL says what goes.
            if (refused.WantsSpace && _reserve.GiveUp()) Log.ReserveUsed(_log, _options.ReserveMiB, refused.Message);
            else Refuses(House, refused);
        }
        if (!due) return;
        _houseMs = nowMs;
        if (_refusing.Count == 0) _compactor.Wake(Math.Min(_frontier, _telemetry.NextLine), nowMs);
        Telemetry = new TelemetryFigures(_telemetry.FileBytes(), _telemetry.DroppedLines, _telemetry.Oldest()?.ReceivedMs);
    }

    private void ShutDown()
    {
        if (_withheld.Lines) Log.NeverStored(_log, _withheld.LineCount);
        long nowMs = Now();
        _reached.AddRange(_uplink.TakeChanges());
        _state.Commit(() =>
        {
            _state.Journal("shutdown", nowMs, JsonSerializer.SerializeToUtf8Bytes(new ShutdownRow(_identity.GatewayId, "stopped"), ViewJson.Default.ShutdownRow));
            WriteUplink();
            KeepWork();
            KeepData(nowMs);
            _points.Clear();
            WriteCheckpoint(nowMs, "shutdown");
            if (_uplink.Any) _state.AppendLaneOne(_points.Lines, _points.Count);
            _state.SetMeta("heartbeat_ms", nowMs);
        });
    }

    /// <summary>Reads the tail of the telemetry: its newest lines give each series its clock back, the lines behind the frontier are judged.</summary>
    private long Replay()
    {
        if (_telemetry.NextLine == 0) return 0;
        var routes = _directory.Registered.ToDictionary(r => Encoding.UTF8.GetString(r.LinePrefix), StringComparer.Ordinal);
        long judged = 0;
        using var reader = new TelemetryReader(_telemetry.Path);
        reader.ReadFrom(Math.Min(_frontier, Math.Max(0, _telemetry.NextLine - ClockLines)), (head, body) =>
        {
            long number = head.FirstLine;
            foreach (var range in body.Split((byte)'\n'))
            {
                var line = body[range];
                if (line.IsEmpty) continue;
                // A line that cannot be read still has its number.
                if (LineReader.TrySplit(line, out var prefix, out var fields, out long timeUs) && routes.TryGetValue(Encoding.UTF8.GetString(prefix), out var route))
                {
                    fields = BackfillMark.Strip(fields, out bool backfill);
                    route.Clock.Restore(timeUs, BackfillMark.Content(DecodedMessage.Hash(fields), backfill));
                    if (number >= _frontier)
                    {
                        JudgeAgain(route, fields, timeUs, head.ReceivedMs, backfill);
                        judged++;
                    }
                }
                else if (number >= _frontier) CountAgain(prefix, fields, timeUs, head.ReceivedMs);
                number++;
            }
            return true;
        });
        return judged;
    }

    private void JudgeAgain(DeviceRoute route, ReadOnlySpan<byte> fields, long timeUs, long receivedMs, bool backfill, ushort spanMinutes = 0)
    {
        _replayed.Clear();
        Span<byte> text = stackalloc byte[512];
        while (LineReader.TryNext(ref fields, out var name, out var value))
        {
            int slot = route.Profile.Device.SlotOf(Encoding.UTF8.GetString(name));
            if (slot < 0) continue;
            if (LineReader.TryNumber(value, out double number)) _replayed.Add(new Sample((ushort)slot, SampleQuality.Good, number));
            else if (LineReader.Text(value, text) is >= 0 and var length) _replayed.Add(new Sample((ushort)slot, SampleQuality.Good, _texts.NumberOf(text[..length])));
        }
        // A live point never lies that far from its receipt: then it was told later, and must not raise what is long over. A retained message cannot be told from a live one;
        // it is judged like one, but proves no life.
        var told = backfill || Math.Abs(timeUs / 1000 - receivedMs) > IngestBuffer.SkewMaxMs ? ReadingFlags.Backfill : ReadingFlags.None;
        var reading = new Reading { Device = route.Index, Kind = spanMinutes > 0 ? ReadingKind.Aggregate : route.Profile.Device.Life, Flags = ReadingFlags.Replayed | told, SpanMinutes = spanMinutes, ReceivedAtMs = receivedMs, PointAtUs = timeUs };
        _engine.Read(reading, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_replayed));
    }
}
