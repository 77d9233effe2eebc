using System.ComponentModel.DataAnnotations;

namespace Gateway.Store;

/// <summary>Section <c>Store</c>: where and how much is kept.</summary>
public sealed class StoreOptions
{
    /// <summary>Folder of the databases, made when missing. Default <c>/var/lib/site-gateway</c>, the service's state folder.</summary>
    [Required]
    public string Directory { get; set; } = "/var/lib/site-gateway";

    /// <summary>Budget of telemetry, MiB of <c>telemetry.db</c> and its WAL as they lie on disk; beyond it the oldest goes, counted. Default 4 096: a day at 1 000 points/s.</summary>
    [Range(1, 1_000_000)]
    public int TelemetryMiBMax { get; set; } = 4096;

    /// <summary>How old telemetry may grow, days; older goes, counted. Default 30.</summary>
    [Range(1, 3_650)]
    public int TelemetryDaysMax { get; set; } = 30;

    /// <summary>Room left to others on the file system, MiB; below it the oldest telemetry goes, counted, but never the last 16 MiB: then somebody else fills the disk. Default 512; 0 leaves none.</summary>
    [Range(0, 1_000_000)]
    public int FreeMiBMin { get; set; } = 512;

    /// <summary>Room set aside for alarms when the disk is full, MiB. Default 16: some ten thousand alarms; 0 sets none aside.</summary>
    [Range(0, 1_000)]
    public int ReserveMiB { get; set; } = 16;

    /// <summary>Budget of lines every target has settled but that may have to be sent again when the hourly read-back finds some missing, MiB of line protocol. Default 256; 0 keeps none.</summary>
    [Range(0, 1_000_000)]
    public int SettledMiBMax { get; set; } = 256;

    /// <summary>How long a commit waits for company after the first message, ms, when messages come fast. Default 2; 0 commits at once.</summary>
    [Range(0, 100)]
    public int CommitLingerMs { get; set; } = 2;

    /// <summary>The same when they come slowly. Default 10: at 2 000 messages/s twenty share one sync, which is most of what a message costs then.</summary>
    [Range(0, 100)]
    public int CommitLingerMsMax { get; set; } = 10;

    /// <summary>How often life is written down, seconds: bounds the doubt after a power cut. Default 5, at most 10 (DESIGN: ≤ 10 s).</summary>
    [Range(1, 10)]
    public int HeartbeatSeconds { get; set; } = 5;

    public string TelemetryPath => Path.Combine(Directory, TelemetryStore.Name);

    public string MqttPath => Path.Combine(Directory, MqttStore.Name);

    public string MarkPath => Path.Combine(Directory, "telemetry.mark");

    public string ReservePath => Path.Combine(Directory, "reserve.bin");

    public string StatePath => Path.Combine(Directory, StateStore.Name);

    /// <summary>Evidence of lifecycle entries.</summary>
    public string AttachmentsDirectory => Path.Combine(Directory, "attachments");

    /// <summary>Raw frames around alarms.</summary>
    public string FramesDirectory => Path.Combine(Directory, "frames");
}
