using System.Globalization;
using Gateway.Bureau.Reports;
using Gateway.Protocols.Hj212;

namespace Gateway.Bureau.Wire;

/// <summary>What a bureau may change by its requests; it outlives the process but for the stop of real-time data.</summary>
internal sealed class BureauSettings
{
    private readonly IReportStore _store;
    private readonly ReportBook _book;

    public BureauSettings(BureauOptions options, IReportStore store, ReportBook book)
    {
        (_store, _book) = (store, book);
        RealtimeSeconds = Known("realtimeSeconds") ?? options.RealtimeSeconds;
        book.MinuteInterval = Known("minuteInterval") ?? options.MinuteInterval;
        OverTimeSeconds = Known("overTime") ?? Hj212Limits.OverTimeSeconds;
        ReCount = Known("reCount") ?? Hj212Limits.ReCount;
    }

    public int RealtimeSeconds { get; private set; }

    public int MinuteInterval => _book.MinuteInterval;

    public int OverTimeSeconds { get; private set; }

    public int ReCount { get; private set; }

    /// <summary>2012 was the last word; until 2011 or the next start.</summary>
    public bool RealtimeStopped { get; set; }

    /// <summary>Writes that are under way; the loop waits for them.</summary>
    public Task Saved { get; private set; } = Task.CompletedTask;

    public void SetRealtime(int seconds) => Set("realtimeSeconds", RealtimeSeconds = seconds);

    public void SetMinutes(int minutes) => Set("minuteInterval", _book.MinuteInterval = minutes);

    public void SetPatience(int overTimeSeconds, int reCount)
    {
        Set("overTime", OverTimeSeconds = overTimeSeconds);
        Set("reCount", ReCount = reCount);
    }

    /// <summary>What could not be written down holds until the next start.</summary>
    public void Forget() => Saved = Task.CompletedTask;

    private int? Known(string name) => int.TryParse(_store.Setting(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private void Set(string name, int value) => Saved = Task.WhenAll(Saved, _store.SetAsync(name, value.ToString(CultureInfo.InvariantCulture)));
}
