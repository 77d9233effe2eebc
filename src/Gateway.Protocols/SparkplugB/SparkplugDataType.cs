namespace Gateway.Protocols.SparkplugB;

/// <summary>Data types by their numbers on the wire [Sparkplug 3.0 §6.4.16].</summary>
public enum SparkplugDataType : byte
{
    Unknown, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float, Double, Boolean, String, DateTime, Text,
    Uuid, DataSet, Bytes, File, Template,
    PropertySet, PropertySetList,
    Int8Array, Int16Array, Int32Array, Int64Array, UInt8Array, UInt16Array, UInt32Array, UInt64Array, FloatArray, DoubleArray, BooleanArray, StringArray, DateTimeArray,
}

/// <summary>What can be said of a type by its number.</summary>
public static class SparkplugDataTypes
{
    /// <summary>String, Text and UUID.</summary>
    public static bool IsText(this SparkplugDataType type) => type is SparkplugDataType.String or SparkplugDataType.Text or SparkplugDataType.Uuid;

    /// <summary>Sets, templates, bytes and arrays, which are skipped; the types before them are one number, truth value, time or text.</summary>
    public static bool IsSkipped(this SparkplugDataType type) => type > SparkplugDataType.Uuid;

    /// <summary>The type of that number; <see cref="SparkplugDataType.Unknown"/> for a number the standard does not have.</summary>
    public static SparkplugDataType Of(uint number) => number <= (uint)SparkplugDataType.DateTimeArray ? (SparkplugDataType)number : SparkplugDataType.Unknown;
}
