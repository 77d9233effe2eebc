using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>Puts a rare packet's body, or a property block, together where its length must come before it.</summary>
/// <remarks><b>errors</b> a text or binary longer than 65535 bytes is the caller's mistake: <see cref="ArgumentOutOfRangeException"/>, and nothing was sent.</remarks>
internal sealed class MqttComposer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Byte(byte value) => _bytes.Write([value]);

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Varint(uint value) => _bytes.Advance(MqttVarint.Write(_bytes.GetSpan(4), value));

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Binary(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, ushort.MaxValue);
        U16((ushort)bytes.Length);
        Raw(bytes);
    }

    public void Text(string text) => Binary(Encoding.UTF8.GetBytes(text));

    public void Block(MqttComposer properties)
    {
        Varint((uint)properties.Written.Length);
        Raw(properties.Written);
    }

    public void Flag(MqttPropertyId id, bool value) => Raw([(byte)id, value ? (byte)1 : (byte)0]);

    public void U16(MqttPropertyId id, int value)
    {
        Byte((byte)id);
        U16(checked((ushort)value));
    }

    public void U32(MqttPropertyId id, uint value)
    {
        Byte((byte)id);
        U32(value);
    }

    public void Varint(MqttPropertyId id, uint value)
    {
        Byte((byte)id);
        Varint(value);
    }

    /// <summary>Nothing for null.</summary>
    public void Text(MqttPropertyId id, string? text)
    {
        if (text is null) return;
        Byte((byte)id);
        Text(text);
    }

    /// <summary>Nothing for null.</summary>
    public void Binary(MqttPropertyId id, byte[]? bytes)
    {
        if (bytes is null) return;
        Byte((byte)id);
        Binary(bytes);
    }

    public void UserProperties(IReadOnlyList<KeyValuePair<string, string>> properties)
    {
        foreach (var (name, value) in properties)
        {
            Text(MqttPropertyId.UserProperty, name);
            Text(value);
        }
    }

    /// <summary>Sends what was put together as the body of one packet.</summary>
    public void Send(IBufferWriter<byte> to, MqttPacketType type, int flags = 0)
    {
        var span = to.GetSpan(5);
        span[0] = (byte)((int)type << 4 | flags);
        to.Advance(1 + MqttVarint.Write(span[1..], (uint)Written.Length));
        to.Write(Written);
    }
}
