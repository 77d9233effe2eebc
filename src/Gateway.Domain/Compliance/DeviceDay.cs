namespace Gateway.Domain.Compliance;

/// <summary>One device and one civil day, or several of either added up: the five headings, ms. Their sum is <see cref="LengthMs"/>, always.</summary>
public readonly record struct DeviceDay(long OnlineMs, long OfflineMs, long UnknownMs, long ExcusedMs, long NotInServiceMs, long OnlineAlthoughExcusedMs)
{
    public long LengthMs => OnlineMs + OfflineMs + UnknownMs + ExcusedMs + NotInServiceMs;

    /// <summary>What had to be online, by the site's policy on unknown time.</summary>
    public long RequiredMs(UnknownCounts unknown) => OnlineMs + OfflineMs + (unknown == UnknownCounts.AsNotOnline ? UnknownMs : 0);

    public static DeviceDay operator +(DeviceDay a, DeviceDay b) => new(a.OnlineMs + b.OnlineMs, a.OfflineMs + b.OfflineMs, a.UnknownMs + b.UnknownMs, a.ExcusedMs + b.ExcusedMs,
        a.NotInServiceMs + b.NotInServiceMs, a.OnlineAlthoughExcusedMs + b.OnlineAlthoughExcusedMs);

    public static DeviceDay Add(DeviceDay left, DeviceDay right) => left + right;

    internal DeviceDay With(in AccountPiece piece, long ms) => piece.State switch
    {
        AccountState.Online => this with { OnlineMs = OnlineMs + ms },
        AccountState.Offline => this with { OfflineMs = OfflineMs + ms },
        AccountState.Unknown => this with { UnknownMs = UnknownMs + ms },
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
