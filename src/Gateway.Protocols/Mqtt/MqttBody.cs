using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>Takes fields off a packet's body from the front; false means that the field runs beyond the end, and nothing was taken.</summary>
internal ref struct MqttBody(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public readonly bool IsEmpty => Rest.IsEmpty;

    public bool TryByte(out byte value)
    {
        value = Rest.IsEmpty ? (byte)0 : Rest[0];
        return TryTake(1, out _);
    }

    public bool TryU16(out ushort value)
    {
        bool taken = TryTake(2, out var bytes);
        value = taken ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return taken;
    }

    public bool TryU32(out uint value)
    {
        bool taken = TryTake(4, out var bytes);
        value = taken ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return taken;
    }

    /// <summary>False also for a form that is not allowed.</summary>
    public bool TryVarint(out uint value) => MqttVarint.TryRead(Rest, out value, out int length) == OperationStatus.Done && TryTake(length, out _);

    /// <summary>Two bytes of length and as many bytes [§1.5.6]; text has the same shape.</summary>
    public bool TryBinary(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Rest.Length < 2) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(Rest);
        if (Rest.Length < 2 + length) return false;
        value = Rest.Slice(2, length);
        Rest = Rest[(2 + length)..];
        return true;
    }

    /// <summary>A UTF-8 encoded string [§1.5.4], judged.</summary>
    public MqttVerdict TakeText(out ReadOnlySpan<byte> text) => TryBinary(out text) ? MqttText.Check(text) : MqttVerdict.Torn;

    /// <summary>The property block [§2.2.2] without its length.</summary>
    public MqttVerdict TakeProperties(out ReadOnlySpan<byte> block)
    {
        block = default;
        if (!TryVarint(out uint length)) return MqttVerdict.Malformed("property length is missing, of five bytes, or of more than it needs", "MQTT-2.2.2-1");
        return length <= Rest.Length && TryTake((int)length, out block) ? MqttVerdict.Ok : MqttVerdict.Torn;
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (Rest.Length < length) return false;
        taken = Rest[..length];
        Rest = Rest[length..];
        return true;
    }
}
