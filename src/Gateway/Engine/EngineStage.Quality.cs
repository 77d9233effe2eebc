using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Compliance;
using Gateway.Ingest;

namespace Gateway.Engine;

/// <summary>For which slots data came, on disk. Written with every commit that moves the frontier: what lies behind it is never judged again, so its bits must be there.</summary>
public sealed partial class EngineStage
{
    /// <summary>The first civil day whose data count, as <c>yyyy-MM-dd</c>.</summary>
    private const string DataFrom = "data_from";

    /// <summary>Rows are kept two days longer than data are taken.</summary>
    private const long DataKeptMs = SiteEngine.DataLateMsMax + 2 * 86_400_000L;

    private DateOnly _dataFrom;
    private long _dataDayMs;
    private Dictionary<string, (DeviceRoute Route, ushort SpanMinutes)>? _aggregates;

    /// <summary>A store that is not new was written by a program that kept no slots: the day of the change was only half seen.</summary>
    private void TakeData()
    {
        _aggregates = null;
        long nowMs = Now();
        var today = CivilDays.DateOf(nowMs, _ledger.Site.TimeZone);
        _dataFrom = DateOnly.TryParseExact(_state.Meta(DataFrom), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var kept) ? kept : _state.LastSeq == 0 ? today : today.AddDays(1);
        _engine.RestoreData(_state.DataDays(), _dataFrom, nowMs);
    }

    private void KeepDataFrom() => _state.SetMeta(DataFrom, _dataFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private void KeepData(long nowMs)
    {
        foreach (var day in _engine.DataToKeep()) _state.KeepDataDay(day);
        if (_engine.DayFromMs == _dataDayMs) return;
        _dataDayMs = _engine.DayFromMs;
        _state.RemoveDataDays(nowMs - DataKeptMs);
    }

    /// <summary>The file was recovered: what is known of the last days is written once more.</summary>
    private void KeepAllData()
    {
        KeepDataFrom();
        _engine.DataIsLost();
    }

    /// <summary>A line behind the frontier that is no device's own series: a mean over an interval counts for its time, and for nothing else.</summary>
    private void CountAgain(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> fields, long timeUs, long receivedMs)
    {
        _aggregates ??= AggregateSeries();
        if (_aggregates.TryGetValue(Encoding.UTF8.GetString(prefix), out var series)) JudgeAgain(series.Route, BackfillMark.Strip(fields, out bool backfill), timeUs, receivedMs, backfill, series.SpanMinutes);
    }

    private Dictionary<string, (DeviceRoute Route, ushort SpanMinutes)> AggregateSeries()
    {
        var all = new Dictionary<string, (DeviceRoute, ushort)>(StringComparer.Ordinal);
        foreach (var route in _directory.Registered)
        {
            all.TryAdd(Encoding.UTF8.GetString(route.MinutePrefix), (route, route.MinuteSpan));
            all.TryAdd(Encoding.UTF8.GetString(route.HourPrefix), (route, DeviceRoute.HourSpan));
            all.TryAdd(Encoding.UTF8.GetString(route.DayPrefix), (route, DeviceRoute.DaySpan));
        }
        return all;
    }
}
