using System.Buffers.Binary;

namespace Gateway.Protocols.Tx101;

/// <summary>The data of one frame, or of one message put together from packets, read in place.</summary>
/// <remarks><b>shape</b> valid as long as the bytes it was made from.</remarks>
public readonly ref struct Tx101Record
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly Tx101Layout _layout;

    private Tx101Record(ReadOnlySpan<byte> data, Tx101Layout layout)
    {
        _data = data;
        _layout = layout;
    }

    /// <returns>False for a function whose data nobody has described, and for data too short for its function.</returns>
    public static bool TryRead(Tx101Function function, ReadOnlySpan<byte> data, out Tx101Record record)
    {
        var layout = Tx101Layout.Of(function, data.Length);
        record = layout is null ? default : new Tx101Record(data, layout);
        return layout is not null;
    }

    /// <summary>The device's clock; of a work cycle, when it ended.</summary>
    /// <returns>False when there is no such moment.</returns>
    public bool TryGetTime(out DateTime civil) => Tx101Time.TryRead(_data[_layout.TimeAt..], out civil);

    /// <summary>The lists of an alarm frame; empty for other frames.</summary>
    public Tx101AlarmReader Alarms => new(_layout.StatusAt == 0 ? [] : _data[_layout.StatusAt..]);

    public bool HasAlarms => _layout.StatusAt > 0;

    /// <returns>False when this function has no such item.</returns>
    public bool TryGet(Tx101Item item, out Tx101Value value)
    {
        var place = _layout[item];
        value = default;
        if (place.Type == Tx101Type.None) return false;
        var at = _data[place.At..];
        value = place.Type switch
        {
            Tx101Type.Sensor => SensorOf(at),
            Tx101Type.State => new Tx101Value(0, StateOf(at[0]), LevelOf(at[1])),
            Tx101Type.Count => new Tx101Value(at[2], StateOf(at[0]), LevelOf(at[1])),
            Tx101Type.Floor => new Tx101Value((sbyte)at[2], StateOf(at[0]), Tx101Level.None),
            Tx101Type.U8 => Plain(at[0]),
            Tx101Type.U16 => Plain(BinaryPrimitives.ReadUInt16LittleEndian(at)),
            Tx101Type.U32 => Plain(BinaryPrimitives.ReadUInt32LittleEndian(at)),
            Tx101Type.Bcd => Tx101Bcd.TryRead(at, out double number) ? Plain(number) : new Tx101Value(0, Tx101SensorState.Broken, Tx101Level.None),
            Tx101Type.Directions => Plain(at[0] & 3 | at[1] >> 4 << 2 | (at[0] >> 4) << 6),
            Tx101Type.Kind => Plain(at[0] & 3),
            _ => SecondsOf(at),
        };
        return true;
    }

    private static Tx101Value Plain(double number) => new(number, Tx101SensorState.Working, Tx101Level.None);

    private static Tx101Value SensorOf(ReadOnlySpan<byte> at)
    {
        var level = LevelOf(at[1]);
        bool digits = Tx101Bcd.TryRead(at[2..], out double number);
        var state = StateOf(at[0]);
        if (state == Tx101SensorState.Working && (!digits || level == Tx101Level.SensorError)) state = Tx101SensorState.Broken;
        return new Tx101Value(number, state, level);
    }

    private static Tx101SensorState StateOf(byte flags) => (flags & 3) switch { 3 => Tx101SensorState.Working, 2 => Tx101SensorState.Broken, _ => Tx101SensorState.Absent };

    private static Tx101Level LevelOf(byte level) => level switch
    {
        0x00 => Tx101Level.None,
        0x04 => Tx101Level.NearLower,
        0x06 or 0x07 => Tx101Level.Lower,
        0x20 => Tx101Level.NearUpper,
        0x60 or 0xE0 => Tx101Level.Upper,
        0xFF => Tx101Level.SensorError,
        _ => Tx101Level.Unknown,
    };

    private static Tx101Value SecondsOf(ReadOnlySpan<byte> at)
    {
        bool both = Tx101Time.TryRead(at, out var from) & Tx101Time.TryRead(at[Tx101Time.Bytes..], out var to);
        return both && to >= from ? Plain((to - from).TotalSeconds) : new Tx101Value(0, Tx101SensorState.Broken, Tx101Level.None);
    }
}
