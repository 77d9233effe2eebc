using System.Buffers.Binary;

namespace Gateway.Protocols.Goyo;

/// <summary>The content of one real-time, offline or run-time frame, read in place.</summary>
/// <remarks><b>units</b> numbers are raw, see FORMAT.md, "Items"; the profile has the scale. <b>shape</b> valid as long as the frame.</remarks>
public readonly ref struct GoyoRecord
{
    private const int HooksAt = 8 + 68;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly GoyoLayout _layout;

    private GoyoRecord(ReadOnlySpan<byte> frame, GoyoLayout layout)
    {
        _frame = frame;
        _layout = layout;
    }

    /// <returns>False when the frame is none of these commands, or too short for what it says it holds.</returns>
    public static bool TryRead(in GoyoFrame frame, out GoyoRecord record)
    {
        var layout = (frame.Version, frame.Command) switch
        {
            (GoyoVersion.V021303, GoyoCommand.Realtime or GoyoCommand.Offline) when frame.Payload.Length >= GoyoLayout.Realtime021303PayloadBytes + GoyoLayout.HookBytes * frame.Bytes[HooksAt] => GoyoLayout.Realtime021303,
            (GoyoVersion.V01, GoyoCommand.Realtime or GoyoCommand.Offline) when frame.Bytes.Length == GoyoLayout.Realtime01Bytes => GoyoLayout.Realtime01,
            (GoyoVersion.V11, GoyoCommand.Realtime or GoyoCommand.Offline) when frame.Bytes.Length == GoyoLayout.Realtime11Bytes => GoyoLayout.Realtime11,
            (GoyoVersion.V11, GoyoCommand.RunTime) when frame.Bytes.Length == GoyoLayout.RunTime11Bytes => GoyoLayout.RunTime11,
            _ => null,
        };
        record = layout is null ? default : new GoyoRecord(frame.Bytes, layout);
        return layout is not null;
    }

    /// <summary>Who operates, without padding; empty when the frame does not say or nobody does.</summary>
    public ReadOnlySpan<byte> Operator => _layout.Operator is { } at ? GoyoStation.Trim(_frame.Slice(at.At, at.Bytes)) : [];

    /// <summary>False where the version has no such item.</summary>
    public bool SaysOperator => _layout.Operator is not null;

    /// <summary>The device's clock.</summary>
    /// <returns>False when the frame carries none, or none that exists.</returns>
    public bool TryGetTime(out DateTime civil)
    {
        civil = default;
        return _layout.TimeAt is { } at && GoyoTime.TryRead(_frame[at..], out civil);
    }

    /// <returns>False when this version has no such item, or the frame no such hook.</returns>
    public bool TryGet(GoyoItem item, out double raw)
    {
        var place = _layout[item];
        raw = 0;
        if (place.Type == GoyoType.None || place.Hook > 0 && place.Hook > _frame[HooksAt]) return false;
        var at = _frame[place.At..];
        raw = place.Type switch
        {
            GoyoType.U8 => at[0],
            GoyoType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            GoyoType.I16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            GoyoType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            GoyoType.I32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            // The shortest decimal of the float, not its binary neighbour: 15.9 was sent, not 15.899999618530273.
            _ => (double)(decimal)Finite(BinaryPrimitives.ReadSingleLittleEndian(at)),
        };
        return true;
    }

    /// <summary>What no decimal can hold is given as something that no range lets pass.</summary>
    private static float Finite(float value) => Math.Abs(value) < 1e28f ? value : 1e28f;
}
