namespace Gateway.Domain.Compliance;

/// <summary>All the numbers figures are made of, of one device, class, enterprise or site.</summary>
/// <param name="Time">Of all devices.</param>
/// <param name="SafetyTime">Of the safety devices among them.</param>
/// <param name="SafetyNow">Safety devices by heading at the end of what is accounted.</param>
public sealed record Tally(int Devices, DeviceDay Time, DeviceDay SafetyTime, NowCount SafetyNow, WorkTime Work, DataQuality Data)
{
    public static Tally None { get; } = new(0, default, default, default, default, default);

    public static Tally Of(DeviceAccount account, WorkAccount work, DataQuality data)
    {
        bool safety = account.Device.Safety;
        return new Tally(1, account.Total, safety ? account.Total : default, safety ? NowCount.Of(account.Now) : default, work.Time, data);
    }

    public static Tally operator +(Tally a, Tally b) => new(a.Devices + b.Devices, a.Time + b.Time, a.SafetyTime + b.SafetyTime, a.SafetyNow + b.SafetyNow, a.Work + b.Work, a.Data + b.Data);

    public static Tally Add(Tally left, Tally right) => left + right;
}

/// <summary>Devices by where they stand now.</summary>
public readonly record struct NowCount(int Online, int Offline, int Unknown, int Excused, int NotInService)
{
    public int Required(UnknownCounts unknown) => Online + Offline + (unknown == UnknownCounts.AsNotOnline ? Unknown : 0);

    internal static NowCount Of(AccountState? now) => now switch
    {
        AccountState.Online => new(1, 0, 0, 0, 0),
        AccountState.Offline => new(0, 1, 0, 0, 0),
        AccountState.Unknown => new(0, 0, 1, 0, 0),
        AccountState.Excused => new(0, 0, 0, 1, 0),
        AccountState.NotInService => new(0, 0, 0, 0, 1),
        _ => default,
    };

    public static NowCount operator +(NowCount a, NowCount b) =>
        new(a.Online + b.Online, a.Offline + b.Offline, a.Unknown + b.Unknown, a.Excused + b.Excused, a.NotInService + b.NotInService);

    public static NowCount Add(NowCount left, NowCount right) => left + right;
}
