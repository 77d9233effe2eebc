using System.ComponentModel.DataAnnotations;

namespace Gateway.History;

/// <summary>Section <c>History</c>: what the console can show of the past, from this box alone. Lies beside the store as <c>history.db</c>.</summary>
public sealed class HistoryOptions
{
    public const string FileName = "history.db";

    /// <summary>Whether history is kept at all. Default yes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long every reading is kept, hours. Default 24: what happened since yesterday's shift can be looked at value by value.</summary>
    [Range(1, 744)]
    public int RawHours { get; set; } = 24;

    /// <summary>How long 1-minute and 15-minute figures are kept, days. Default 90: a quarter's report can still be asked about.</summary>
    [Range(1, 3650)]
    public int Days { get; set; } = 90;

    /// <summary>Budget of the file, MiB; beyond it the oldest goes: raw first, then 1-minute, then 15-minute figures. Default 2 048: 90 days of 50 busy devices, twice over.</summary>
    [Range(16, 1_000_000)]
    public int MiBMax { get; set; } = 2048;

    /// <summary>How often what came in is written, seconds. Default 20: less than the store holds lines that were settled, so that a crash loses none of the history.</summary>
    [Range(1, 60)]
    public int FlushSeconds { get; set; } = 20;
}
