namespace Gateway.Protocols.Goyo;

/// <summary>Where each item stands, by version and command. Offsets count from the first byte of the frame; 02 13 03 has eight bytes before its payload.</summary>
/// <remarks><b>source</b> DOMAIN §1.4 and §1.5.</remarks>
internal sealed class GoyoLayout
{
    internal const int Heartbeat01Bytes = 17;
    internal const int Realtime01Bytes = 66;
    internal const int Heartbeat11Bytes = 23;
    internal const int Realtime11Bytes = 86;
    internal const int RunTime11Bytes = 35;
    internal const int Realtime021303PayloadBytes = 69;
    internal const int HookBytes = 25;

    private const int Payload = 8;
    private const int FirstHook = Payload + Realtime021303PayloadBytes;

    internal static readonly GoyoLayout Realtime021303 = new(station: Payload, time: Payload + 18, @operator: new(Payload + 10, 8),
    [
        new(GoyoItem.WorkCycle, Payload + 8, GoyoType.U16),
        new(GoyoItem.Power, Payload + 24, GoyoType.U8),
        new(GoyoItem.Falls, Payload + 25, GoyoType.U8),
        new(GoyoItem.Height, Payload + 26, GoyoType.I16),
        new(GoyoItem.Radius, Payload + 28, GoyoType.U16),
        new(GoyoItem.Slew, Payload + 30, GoyoType.I16),
        new(GoyoItem.Load, Payload + 32, GoyoType.U16),
        new(GoyoItem.Wind, Payload + 34, GoyoType.U16),
        new(GoyoItem.TiltX, Payload + 36, GoyoType.I16),
        new(GoyoItem.TiltY, Payload + 38, GoyoType.I16),
        new(GoyoItem.Luffing, Payload + 40, GoyoType.U16),
        new(GoyoItem.Travel, Payload + 42, GoyoType.U16),
        new(GoyoItem.SafeRadius, Payload + 44, GoyoType.U16),
        new(GoyoItem.SafeLoad, Payload + 46, GoyoType.U16),
        new(GoyoItem.SafeMoment, Payload + 48, GoyoType.U16),
        new(GoyoItem.CollisionLink, Payload + 50, GoyoType.U16),
        new(GoyoItem.ModuleState, Payload + 52, GoyoType.U16),
        new(GoyoItem.RelayBits, Payload + 54, GoyoType.U16),
        new(GoyoItem.SensorBits, Payload + 56, GoyoType.U16),
        new(GoyoItem.WarnBits, Payload + 58, GoyoType.U32),
        new(GoyoItem.AlarmBits, Payload + 62, GoyoType.U32),
        new(GoyoItem.Display, Payload + 66, GoyoType.U8),
        new(GoyoItem.Settable, Payload + 67, GoyoType.U8),
        new(GoyoItem.Hooks, Payload + 68, GoyoType.U8),
        .. Hook(GoyoItem.Hook2Falls, FirstHook, hook: 1),
        .. Hook(GoyoItem.Hook3Falls, FirstHook + HookBytes, hook: 2),
    ]);

    internal static readonly GoyoLayout Realtime01 = new(station: 5, time: 12, @operator: null,
    [
        new(GoyoItem.SensorBits, 26, GoyoType.U8),
        new(GoyoItem.SafeLoad, 32, GoyoType.U16),
        new(GoyoItem.Height, 34, GoyoType.F32),
        new(GoyoItem.Load, 38, GoyoType.F32),
        new(GoyoItem.WindLevel, 42, GoyoType.U8),
        new(GoyoItem.SafeMoment, 43, GoyoType.U16),
        new(GoyoItem.Radius, 45, GoyoType.F32),
        new(GoyoItem.Slew, 49, GoyoType.F32),
        new(GoyoItem.TiltX, 53, GoyoType.F32),
        new(GoyoItem.TiltY, 57, GoyoType.F32),
        new(GoyoItem.Falls, 61, GoyoType.U8),
        new(GoyoItem.AlarmBits, 62, GoyoType.U8),
    ]);

    internal static readonly GoyoLayout Realtime11 = new(station: 6, time: 32, @operator: new(14, 18),
    [
        new(GoyoItem.Longitude, 38, GoyoType.I32),
        new(GoyoItem.Latitude, 42, GoyoType.I32),
        new(GoyoItem.Height, 46, GoyoType.U16),
        new(GoyoItem.Radius, 48, GoyoType.U16),
        new(GoyoItem.Slew, 50, GoyoType.I16),
        new(GoyoItem.Load, 52, GoyoType.U16),
        new(GoyoItem.Wind, 54, GoyoType.U16),
        new(GoyoItem.TiltX, 56, GoyoType.I16),
        new(GoyoItem.TiltY, 58, GoyoType.I16),
        new(GoyoItem.SafeMoment, 60, GoyoType.U16),
        new(GoyoItem.SafeLoad, 62, GoyoType.U16),
        new(GoyoItem.Falls, 64, GoyoType.U8),
        new(GoyoItem.LimitBits, 71, GoyoType.U16),
        new(GoyoItem.SensorBits, 73, GoyoType.U16),
        new(GoyoItem.WarnBits, 75, GoyoType.U32),
        new(GoyoItem.AlarmBits, 79, GoyoType.U32),
    ]);

    internal static readonly GoyoLayout RunTime11 = new(station: 6, time: null, @operator: null,
    [
        new(GoyoItem.RunSeconds, 14, GoyoType.U32),
        new(GoyoItem.RunSecondsTotal, 18, GoyoType.U32),
    ]);

    private readonly GoyoPlace[] _places = new GoyoPlace[(int)GoyoItem.Hook3AlarmBits + 1];

    private GoyoLayout(int station, int? time, GoyoTextPlace? @operator, ReadOnlySpan<GoyoPlace> places)
    {
        (StationAt, TimeAt, Operator) = (station, time, @operator);
        foreach (var place in places) _places[(int)place.Item] = place;
    }

    internal int StationAt { get; }

    internal int? TimeAt { get; }

    internal GoyoTextPlace? Operator { get; }

    /// <summary>Where the item stands; one of type <see cref="GoyoType.None"/> when this layout has no such item.</summary>
    internal GoyoPlace this[GoyoItem item] => _places[(int)item];

    private static GoyoPlace[] Hook(GoyoItem first, int at, int hook) =>
    [
        new(first, at, GoyoType.U8, hook),
        new(first + 1, at + 1, GoyoType.I16, hook),
        new(first + 2, at + 3, GoyoType.U16, hook),
        new(first + 3, at + 5, GoyoType.U16, hook),
        new(first + 4, at + 7, GoyoType.U16, hook),
        new(first + 5, at + 9, GoyoType.U16, hook),
        new(first + 6, at + 11, GoyoType.U16, hook),
        new(first + 7, at + 13, GoyoType.U16, hook),
        new(first + 8, at + 15, GoyoType.U16, hook),
        new(first + 9, at + 17, GoyoType.U32, hook),
        new(first + 10, at + 21, GoyoType.U32, hook),
    ];
}

internal enum GoyoType : byte { None, U8, U16, I16, U32, I32, F32 }

/// <param name="Hook">The auxiliary hook that the item belongs to, 0 = none: it is there only when the frame has so many.</param>
internal readonly record struct GoyoPlace(GoyoItem Item, int At, GoyoType Type, int Hook = 0);

internal readonly record struct GoyoTextPlace(int At, int Bytes);
