namespace Gateway.Protocols.Tx101;

/// <summary>Where each item stands in the data of a function.</summary>
/// <remarks><b>source</b> DOMAIN §1.6; alarm and cycle frames: the firmware named there.</remarks>
internal sealed class Tx101Layout
{
    /// <summary>What the newer build puts between the collision item and the obstacle item.</summary>
    private const int RiskBytes = 24;

    private static readonly Tx101Place[] CraneSensors =
    [
        new(Tx101Item.Load, 8, Tx101Type.Sensor), new(Tx101Item.Height, 13, Tx101Type.Sensor), new(Tx101Item.Radius, 18, Tx101Type.Sensor), new(Tx101Item.Slew, 23, Tx101Type.Sensor),
        new(Tx101Item.Wind, 28, Tx101Type.Sensor), new(Tx101Item.Tilt, 33, Tx101Type.Sensor), new(Tx101Item.MomentRatio, 38, Tx101Type.Sensor), new(Tx101Item.Travel, 43, Tx101Type.Sensor),
    ];

    private static readonly Tx101Place[] HoistSensors =
    [
        new(Tx101Item.Person, 6, Tx101Type.U32),
        new(Tx101Item.Load, 12, Tx101Type.Sensor), new(Tx101Item.Height, 17, Tx101Type.Sensor), new(Tx101Item.Speed, 22, Tx101Type.Sensor), new(Tx101Item.Wind, 27, Tx101Type.Sensor),
        new(Tx101Item.Tilt, 32, Tx101Type.Sensor), new(Tx101Item.Motor1, 37, Tx101Type.State), new(Tx101Item.Motor2, 39, Tx101Type.State), new(Tx101Item.Motor3, 41, Tx101Type.State),
        new(Tx101Item.People, 43, Tx101Type.Count), new(Tx101Item.Floor, 46, Tx101Type.Floor), new(Tx101Item.FloorAligned, 47, Tx101Type.U8), new(Tx101Item.Door, 49, Tx101Type.U8),
    ];

    private static readonly Tx101Place[] DustSensors =
    [
        new(Tx101Item.Pm25, 12, Tx101Type.Sensor), new(Tx101Item.Pm10, 17, Tx101Type.Sensor), new(Tx101Item.Temperature, 22, Tx101Type.Sensor), new(Tx101Item.Humidity, 27, Tx101Type.Sensor),
        new(Tx101Item.Wind, 32, Tx101Type.Sensor), new(Tx101Item.Valve1, 37, Tx101Type.State), new(Tx101Item.Valve2, 39, Tx101Type.State), new(Tx101Item.Valve3, 41, Tx101Type.State),
        new(Tx101Item.Valve4, 43, Tx101Type.State), new(Tx101Item.Noise, 45, Tx101Type.Sensor), new(Tx101Item.WindDirection, 50, Tx101Type.Sensor),
    ];

    internal static readonly Tx101Layout Crane = new(95, [.. CraneSensors, .. Collision(68, 71)]);
    internal static readonly Tx101Layout CraneWithRisks = new(95 + RiskBytes, [.. CraneSensors, .. Collision(68, 71 + RiskBytes)]);
    internal static readonly Tx101Layout Hoist = new(75, HoistSensors);
    internal static readonly Tx101Layout Dust = new(71, DustSensors);
    internal static readonly Tx101Layout Fingerprint = new(10, [new(Tx101Item.Person, 6, Tx101Type.U32)]);

    /// <summary>An alarm frame repeats the sensors; what stands behind them follows the status byte.</summary>
    internal static readonly Tx101Layout CraneAlarm = new(69, CraneSensors) { StatusAt = 68 };
    internal static readonly Tx101Layout HoistAlarm = new(70, HoistSensors) { StatusAt = 69 };
    internal static readonly Tx101Layout DustAlarm = new(66, DustSensors) { StatusAt = 65 };

    internal static readonly Tx101Layout CraneCycle = Cycle(2, person: false);
    internal static readonly Tx101Layout CraneCycleWithPerson = Cycle(6, person: true);
    internal static readonly Tx101Layout HoistCycle = new(26,
    [
        new(Tx101Item.CycleNumber, 0, Tx101Type.U16), new(Tx101Item.Person, 2, Tx101Type.U32), new(Tx101Item.CycleSeconds, 6, Tx101Type.Seconds), new(Tx101Item.CycleMaxLoad, 18, Tx101Type.Bcd),
        new(Tx101Item.CycleMaxPeople, 21, Tx101Type.U8), new(Tx101Item.CycleMaxHeight, 22, Tx101Type.Bcd), new(Tx101Item.CycleMaxFloor, 25, Tx101Type.U8),
    ]) { TimeAt = 12 };

    private readonly Tx101Place[] _places = new Tx101Place[(int)Tx101Item.CycleSeconds + 1];

    private Tx101Layout(int bytes, ReadOnlySpan<Tx101Place> places)
    {
        Bytes = bytes;
        foreach (var place in places) _places[(int)place.Item] = place;
    }

    /// <summary>Bytes of data that a frame must have at least.</summary>
    internal int Bytes { get; }

    /// <summary>Of a cycle its end: that is when it became known.</summary>
    internal int TimeAt { get; private init; }

    /// <summary>Where the lists of alarms begin, or 0.</summary>
    internal int StatusAt { get; private init; }

    /// <summary>One of type <see cref="Tx101Type.None"/> when the function has no such item.</summary>
    internal Tx101Place this[Tx101Item item] => _places[(int)item];

    /// <returns>Null for a function whose data is not known, or data too short for it.</returns>
    internal static Tx101Layout? Of(Tx101Function function, int dataBytes)
    {
        var layout = function switch
        {
            Tx101Function.CraneRealtime => dataBytes >= CraneWithRisks.Bytes ? CraneWithRisks : Crane,
            Tx101Function.CraneAlarm => CraneAlarm,
            Tx101Function.CraneCycle => dataBytes >= CraneCycleWithPerson.Bytes ? CraneCycleWithPerson : CraneCycle,
            Tx101Function.HoistRealtime => Hoist,
            Tx101Function.HoistAlarm => HoistAlarm,
            Tx101Function.HoistCycle => HoistCycle,
            Tx101Function.DustRealtime => Dust,
            Tx101Function.DustAlarm => DustAlarm,
            Tx101Function.Fingerprint => Fingerprint,
            _ => null,
        };
        return layout is not null && dataBytes >= layout.Bytes ? layout : null;
    }

    private static Tx101Place[] Collision(int collision, int obstacle) =>
    [
        new(Tx101Item.CollisionPeer, collision, Tx101Type.U8), new(Tx101Item.CollisionBits, collision + 1, Tx101Type.Directions), new(Tx101Item.CollisionKind, collision + 2, Tx101Type.Kind),
        new(Tx101Item.ObstaclePeer, obstacle, Tx101Type.U8), new(Tx101Item.ObstacleBits, obstacle + 1, Tx101Type.Directions),
        new(Tx101Item.ZonePeer, obstacle + 3, Tx101Type.U8), new(Tx101Item.ZoneBits, obstacle + 4, Tx101Type.Directions),
    ];

    private static Tx101Layout Cycle(int start, bool person)
    {
        List<Tx101Place> places = [new(Tx101Item.CycleNumber, 0, Tx101Type.U16), new(Tx101Item.CycleSeconds, start, Tx101Type.Seconds)];
        if (person) places.Add(new(Tx101Item.Person, 2, Tx101Type.U32));
        int at = start + 2 * Tx101Time.Bytes;
        for (var item = Tx101Item.CycleMaxLoad; item <= Tx101Item.CycleUnloadHeight; item++, at += Tx101Bcd.Bytes) places.Add(new(item, at, Tx101Type.Bcd));
        return new Tx101Layout(at, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(places)) { TimeAt = start + Tx101Time.Bytes };
    }
}

internal enum Tx101Type : byte
{
    None,

    /// <summary>State, level, three bytes of BCD.</summary>
    Sensor,

    /// <summary>State and level.</summary>
    State,

    /// <summary>State, level, one byte.</summary>
    Count,

    /// <summary>State, a byte of its own meaning, the floor as a signed byte.</summary>
    Floor,

    U8,

    U16,

    U32,

    Bcd,

    /// <summary>Directions of a collision item, from two bytes.</summary>
    Directions,

    /// <summary>The lowest two bits.</summary>
    Kind,

    /// <summary>From one time to the time behind it.</summary>
    Seconds,
}

internal readonly record struct Tx101Place(Tx101Item Item, int At, Tx101Type Type);
