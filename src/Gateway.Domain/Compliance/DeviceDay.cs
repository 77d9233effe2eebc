namespace Gateway.Domain.Compliance;

/// <summary>One device and one civil day, or several of either added up: the five headings, ms. Their sum is <see cref="LengthMs"/>, always.</summary>
public readonly record struct DeviceDay(long OnlineMs, long OfflineMs, long UnknownMs, long ExcusedMs, long NotInServiceMs, long OnlineAlthoughExcusedMs)
{
    /// <summary>The part of <see cref="UnknownMs"/> in which the device is proven to have measured.</summary>
    public long UnknownMeasuredMs { get; init; }

    /// <summary>The part of <see cref="OfflineMs"/> in which the device is proven to have measured.</summary>
    public long OfflineMeasuredMs { get; init; }

    public long LengthMs => OnlineMs + OfflineMs + UnknownMs + ExcusedMs + NotInServiceMs;

    /// <summary>What had to be online, by the site's policy on unknown time.</summary>
    public long RequiredMs(UnknownCounts unknown) => OnlineMs + OfflineMs + (unknown == UnknownCounts.AsNotOnline ? UnknownMs : 0);

    public static DeviceDay operator +(DeviceDay a, DeviceDay b) => new(a.OnlineMs + b.OnlineMs, a.OfflineMs + b.OfflineMs, a.UnknownMs + b.UnknownMs, a.ExcusedMs + b.ExcusedMs,
        a.NotInServiceMs + b.NotInServiceMs, a.OnlineAlthoughExcusedMs + b.OnlineAlthoughExcusedMs)
    {
        UnknownMeasuredMs = a.UnknownMeasuredMs + b.UnknownMeasuredMs,
        OfflineMeasuredMs = a.OfflineMeasuredMs + b.OfflineMeasuredMs,
    };

    public static DeviceDay Add(DeviceDay left, DeviceDay right) => left + right;

    /// <param name="measuredMs">The part of <paramref name="ms"/> in which the device is proven to have measured.</param>
    internal DeviceDay With(in AccountPiece piece, long ms, long measuredMs) => piece.State switch
    {
        AccountState.Online => this with { OnlineMs = OnlineMs + ms },
        AccountState.Offline => this with { OfflineMs = OfflineMs + ms, OfflineMeasuredMs = OfflineMeasuredMs + measuredMs },
        AccountState.Unknown => this with { UnknownMs = UnknownMs + ms, UnknownMeasuredMs = UnknownMeasuredMs + measuredMs },
        AccountState.Excused => this with { ExcusedMs = ExcusedMs + ms, OnlineAlthoughExcusedMs = OnlineAlthoughExcusedMs + (piece.OnlineAlthoughExcused ? ms : 0) },
        _ => this with { NotInServiceMs = NotInServiceMs + ms },
    };
}

/// <summary>How unknown time counts in a published rate; shown separately in either case.</summary>
public enum UnknownCounts : byte
{
    /// <summary>Required, and not online: nobody gains by a gateway that is switched off. Default.</summary>
    AsNotOnline,

    /// <summary>Neither required nor online.</summary>
    Excluded,
}
