using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>Walks a property block [§2.2.2] property by property, in place.</summary>
/// <remarks><b>errors</b> <see cref="TryRead"/> ends the walk at the end or at the first fault; <see cref="Verdict"/> tells which.</remarks>
public ref struct MqttPropertyReader
{
    private readonly MqttPropertySet? _set;
    private MqttBody _body;
    private ulong _seen;

    /// <summary>For a block that a packet's TryParse has accepted: only its shape is looked at.</summary>
    public MqttPropertyReader(ReadOnlySpan<byte> block) => _body = new MqttBody(block);

    internal MqttPropertyReader(ReadOnlySpan<byte> block, MqttPropertySet set) : this(block) => _set = set;

    public MqttPropertyId Id { get; private set; }

    /// <summary>The value of a property that is a number.</summary>
    public uint Number { get; private set; }

    /// <summary>The value of a text or binary property; the name of a user property.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public MqttVerdict Verdict { get; private set; }

    // Indexed by property id.
    private static ReadOnlySpan<MqttPropertyType> Types =>
    [
        0, MqttPropertyType.Byte, MqttPropertyType.U32, MqttPropertyType.Text, 0, 0, 0, 0,
        MqttPropertyType.Text, MqttPropertyType.Binary, 0, MqttPropertyType.Varint, 0, 0, 0, 0,
        0, MqttPropertyType.U32, MqttPropertyType.Text, MqttPropertyType.U16, 0, MqttPropertyType.Text, MqttPropertyType.Binary, MqttPropertyType.Byte,
        MqttPropertyType.U32, MqttPropertyType.Byte, MqttPropertyType.Text, 0, MqttPropertyType.Text, 0, 0, MqttPropertyType.Text,
        0, MqttPropertyType.U16, MqttPropertyType.U16, MqttPropertyType.U16, MqttPropertyType.Byte, MqttPropertyType.Byte, MqttPropertyType.Pair, MqttPropertyType.U32,
        MqttPropertyType.Byte, MqttPropertyType.Byte, MqttPropertyType.Byte,
    ];

    /// <summary>The bytes not yet read.</summary>
    internal readonly int Remaining => _body.Rest.Length;

    public bool TryRead()
    {
        if (!_body.TryByte(out byte id)) return false;
        Id = (MqttPropertyId)id;
        Number = 0;
        Bytes = Value = default;
        var type = id < Types.Length ? Types[id] : MqttPropertyType.None;
        if (type == MqttPropertyType.None || _set?.Allows(Id) == false) return Fail(MqttVerdict.Malformed("property that does not belong in this packet", "§2.2.2.2"));
        if (!TryValue(type)) return Fail(MqttVerdict.Torn);
        if (_set is null) return true;
        ulong bit = 1UL << id;
        if ((_seen & bit & ~_set.Many) != 0) return Fail(MqttVerdict.Protocol("property more than once", _set.Clause));
        _seen |= bit;
        return Check(type) is { IsOk: false } bad ? Fail(bad) : true;
    }

    internal readonly string Text() => Encoding.UTF8.GetString(Bytes);

    internal readonly KeyValuePair<string, string> Pair() => new(Text(), Encoding.UTF8.GetString(Value));

    private bool TryValue(MqttPropertyType type)
    {
        switch (type)
        {
            case MqttPropertyType.Byte:
                bool one = _body.TryByte(out byte b);
                Number = b;
                return one;
            case MqttPropertyType.U16:
                bool two = _body.TryU16(out ushort s);
                Number = s;
                return two;
            case MqttPropertyType.U32:
                bool four = _body.TryU32(out uint i);
                Number = i;
                return four;
            case MqttPropertyType.Varint:
                bool any = _body.TryVarint(out uint v);
                Number = v;
                return any;
            default:
                if (!_body.TryBinary(out var bytes)) return false;
                Bytes = bytes;
                if (type != MqttPropertyType.Pair) return true;
                bool pair = _body.TryBinary(out var value);
                Value = value;
                return pair;
        }
    }

    private readonly MqttVerdict Check(MqttPropertyType type)
    {
        switch (Id)
        {
            case MqttPropertyId.TopicAlias:
                return Number > 0 ? MqttVerdict.Ok : new MqttVerdict(MqttReason.TopicAliasInvalid, "topic alias 0", "MQTT-3.3.2-8");
            case MqttPropertyId.ReceiveMaximum or MqttPropertyId.MaximumPacketSize or MqttPropertyId.SubscriptionIdentifier:
                return Number > 0 ? MqttVerdict.Ok : MqttVerdict.Protocol("property is 0 that must not be", _set!.Clause);
            case MqttPropertyId.ResponseTopic:
                if (Bytes.ContainsAny((byte)'#', (byte)'+')) return MqttVerdict.Protocol("response topic with a wildcard", "MQTT-3.3.2-14");
                return MqttTopic.CheckName(Bytes);
        }
        switch (type)
        {
            // Every property of one byte is a yes or no.
            case MqttPropertyType.Byte:
                return Number <= 1 ? MqttVerdict.Ok : MqttVerdict.Protocol("property is neither 0 nor 1", _set!.Clause);
            case MqttPropertyType.Text:
                return MqttText.Check(Bytes);
            case MqttPropertyType.Pair:
                return MqttText.Check(Bytes) is { IsOk: false } name ? name : MqttText.Check(Value);
            default:
                return MqttVerdict.Ok;
        }
    }

    private bool Fail(MqttVerdict verdict)
    {
        Verdict = verdict;
        _body = default;
        return false;
    }
}
