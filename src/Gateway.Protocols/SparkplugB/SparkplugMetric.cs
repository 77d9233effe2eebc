using System.Globalization;

namespace Gateway.Protocols.SparkplugB;

/// <summary>One metric as it stood on the wire; name and text lie in the bytes of its <see cref="SparkplugPayload"/>.</summary>
public readonly record struct SparkplugMetric
{
    /// <summary>Quality codes [§6.4.7.1]; without the property a value is good.</summary>
    public const int QualityGood = 192;

    internal (int Start, int Length) NameAt { get; init; }

    internal (int Start, int Length) TextAt { get; init; }

    /// <summary>False also for an empty name, which some libraries write beside an alias.</summary>
    public bool HasName => NameAt.Length > 0;

    public bool HasAlias { get; init; }

    /// <summary>Stands for the name in later messages, within the node's session.</summary>
    public ulong Alias { get; init; }

    /// <summary>When the value was captured, ms of Unix time (UTC); 0 = not said.</summary>
    public ulong TimestampMs { get; init; }

    /// <summary>Unknown where the message does not say it: then the birth's holds.</summary>
    public SparkplugDataType DataType { get; init; }

    /// <summary>Not current: sent after the fact.</summary>
    public bool IsHistorical { get; init; }

    public bool IsNull { get; init; }

    /// <summary>192 good, 0 bad, 500 stale; −1 when the property was there and could not be read.</summary>
    public int Quality { get; init; }

    public SparkplugValueKind Kind { get; init; }

    /// <summary>The value's bits: integers as they came, floating point as IEEE 754 of its width, true as 1.</summary>
    internal ulong Bits { get; init; }

    /// <summary>An integer as the wire has it, sign not considered; false when the value is none.</summary>
    public bool TryRaw(out ulong raw)
    {
        raw = Bits;
        return !IsNull && Kind is SparkplugValueKind.Int or SparkplugValueKind.Long;
    }

    /// <summary>The value as a number: true is 1, a date its milliseconds.</summary>
    /// <param name="type">Type from this message or from the birth.</param>
    /// <returns>False when value and type do not fit each other, the value is null, or the type is no number.</returns>
    /// <remarks>
    /// Integers are taken from <c>int_value</c> or <c>long_value</c> whatever their width, negative ones in two's complement of their own width, of 32 or of 64
    /// bits: libraries differ. A float is what its shortest decimal says, so that 1.1 stays 1.1.
    /// </remarks>
    public bool TryNumber(SparkplugDataType type, out double value)
    {
        value = 0;
        if (IsNull) return false;
        return type switch
        {
            SparkplugDataType.Int8 => TrySigned(8, out value),
            SparkplugDataType.Int16 => TrySigned(16, out value),
            SparkplugDataType.Int32 => TrySigned(32, out value),
            SparkplugDataType.Int64 => TrySigned(64, out value),
            SparkplugDataType.UInt8 => TryUnsigned(8, out value),
            SparkplugDataType.UInt16 => TryUnsigned(16, out value),
            SparkplugDataType.UInt32 => TryUnsigned(32, out value),
            SparkplugDataType.UInt64 or SparkplugDataType.DateTime => TryUnsigned(64, out value),
            SparkplugDataType.Float or SparkplugDataType.Double => TryFloating(out value),
            SparkplugDataType.Boolean => TryBoolean(out value),
            _ => false,
        };
    }

    private bool TrySigned(int bits, out double value)
    {
        long signed = (long)(Bits << (64 - bits)) >> (64 - bits);
        value = signed;
        return TryRaw(out ulong raw) && (raw <= ulong.MaxValue >> (64 - bits) || raw == (uint)signed && signed < 0 || raw == (ulong)signed);
    }

    private bool TryUnsigned(int bits, out double value)
    {
        value = Bits;
        return TryRaw(out ulong raw) && raw <= ulong.MaxValue >> (64 - bits);
    }

    private bool TryFloating(out double value)
    {
        value = Kind == SparkplugValueKind.Float ? Shortest(BitConverter.UInt32BitsToSingle((uint)Bits)) : BitConverter.UInt64BitsToDouble(Bits);
        return Kind is SparkplugValueKind.Float or SparkplugValueKind.Double;
    }

    private bool TryBoolean(out double value)
    {
        value = Bits;
        return Kind == SparkplugValueKind.Boolean;
    }

    private static double Shortest(float value)
    {
        Span<byte> digits = stackalloc byte[32];
        return float.IsFinite(value) && value.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture)
            && double.TryParse(digits[..written], CultureInfo.InvariantCulture, out double exact) ? exact : value;
    }
}

/// <summary>Which member of the <c>value</c> oneof was set.</summary>
public enum SparkplugValueKind : byte
{
    None, Int, Long, Float, Double, Boolean, Text,
    /// <summary>Bytes, data set, template or extension: skipped whole.</summary>
    Skipped,
}
