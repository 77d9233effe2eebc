using Google.Protobuf;

namespace Gateway.Protocols.SparkplugB;

/// <summary>Field numbers with their wire types, as they stand before each field (§6.4.1; FORMAT.md). A known number with another wire type is an unknown field.</summary>
internal static class SparkplugTag
{
    public const uint PayloadTimestamp = 1 << 3 | Varint, PayloadMetric = 2 << 3 | Length, PayloadSeq = 3 << 3 | Varint;

    public const uint Name = 1 << 3 | Length, Alias = 2 << 3 | Varint, Timestamp = 3 << 3 | Varint, DataType = 4 << 3 | Varint;

    public const uint IsHistorical = 5 << 3 | Varint, IsNull = 7 << 3 | Varint, Properties = 9 << 3 | Length;

    public const uint IntValue = 10 << 3 | Varint, LongValue = 11 << 3 | Varint, FloatValue = 12 << 3 | Fixed32, DoubleValue = 13 << 3 | Fixed64;

    public const uint BooleanValue = 14 << 3 | Varint, StringValue = 15 << 3 | Length;

    public const uint BytesValue = 16 << 3 | Length, DataSetValue = 17 << 3 | Length, TemplateValue = 18 << 3 | Length, ExtensionValue = 19 << 3 | Length;

    public const uint PropertyKey = 1 << 3 | Length, PropertyValue = 2 << 3 | Length;

    public const uint PropertyIsNull = 2 << 3 | Varint, PropertyInt = 3 << 3 | Varint, PropertyLong = 4 << 3 | Varint;

    private const uint Varint = 0, WireTypeMax = 5, Fixed64 = 1, Length = 2, Fixed32 = 5;

    /// <returns>0 at the end.</returns>
    /// <exception cref="InvalidProtocolBufferException">Torn, or field number 0.</exception>
    /// <exception cref="InvalidDataException">A wire type that does not exist: the library would pass over it.</exception>
    public static uint Next(CodedInputStream input) =>
        input.ReadTag() is var tag && (tag & 7) <= WireTypeMax ? tag : throw new InvalidDataException();

    /// <summary>Passes over a length-delimited field whose tag was read last, and says where its content lies.</summary>
    /// <exception cref="InvalidProtocolBufferException">It does not fit its message.</exception>
    public static (int Start, int Length) Body(CodedInputStream input, byte[] bytes)
    {
        int at = (int)input.Position;
        input.SkipLastField();
        while ((bytes[at] & 0x80) != 0) at++;
        return (at + 1, (int)input.Position - at - 1);
    }
}
