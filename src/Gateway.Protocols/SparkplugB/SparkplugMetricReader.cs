using System.Text;
using Google.Protobuf;

namespace Gateway.Protocols.SparkplugB;

/// <summary>Reads the fields of one metric and, of its properties, the quality.</summary>
internal static class SparkplugMetricReader
{
    /// <exception cref="InvalidProtocolBufferException">The metric is torn.</exception>
    public static SparkplugMetric Read(byte[] bytes, (int Start, int Length) at)
    {
        var input = new CodedInputStream(bytes, at.Start, at.Length);
        var metric = new SparkplugMetric { Quality = SparkplugMetric.QualityGood };
        while (SparkplugTag.Next(input) is not 0 and var tag)
        {
            // Of a field that comes twice the last one counts, as everywhere in protocol buffers.
            metric = tag switch
            {
                SparkplugTag.Name => metric with { NameAt = SparkplugTag.Body(input, bytes) },
                SparkplugTag.Alias => metric with { HasAlias = true, Alias = input.ReadUInt64() },
                SparkplugTag.Timestamp => metric with { TimestampMs = input.ReadUInt64() },
                SparkplugTag.DataType => metric with { DataType = SparkplugDataTypes.Of(input.ReadUInt32()) },
                SparkplugTag.IsHistorical => metric with { IsHistorical = input.ReadBool() },
                SparkplugTag.IsNull => metric with { IsNull = input.ReadBool() },
                SparkplugTag.Properties => metric with { Quality = QualityOf(bytes, SparkplugTag.Body(input, bytes)) },
                SparkplugTag.IntValue => metric with { Kind = SparkplugValueKind.Int, Bits = input.ReadUInt32() },
                SparkplugTag.LongValue => metric with { Kind = SparkplugValueKind.Long, Bits = input.ReadUInt64() },
                SparkplugTag.FloatValue => metric with { Kind = SparkplugValueKind.Float, Bits = BitConverter.SingleToUInt32Bits(input.ReadFloat()) },
                SparkplugTag.DoubleValue => metric with { Kind = SparkplugValueKind.Double, Bits = BitConverter.DoubleToUInt64Bits(input.ReadDouble()) },
                SparkplugTag.BooleanValue => metric with { Kind = SparkplugValueKind.Boolean, Bits = input.ReadBool() ? 1UL : 0 },
                SparkplugTag.StringValue => metric with { Kind = SparkplugValueKind.Text, TextAt = SparkplugTag.Body(input, bytes) },
                SparkplugTag.BytesValue or SparkplugTag.DataSetValue or SparkplugTag.TemplateValue or SparkplugTag.ExtensionValue => Skip(input, metric with { Kind = SparkplugValueKind.Skipped }),
                _ => Skip(input, metric),
            };
        }
        return metric;
    }

    private static SparkplugMetric Skip(CodedInputStream input, in SparkplugMetric metric)
    {
        input.SkipLastField();
        return metric;
    }

    /// <summary>Keys and values are two arrays of one length [tck-id-payloads-propertyset-keys-array-size]: the value of key <i>n</i> is value <i>n</i>.</summary>
    private static int QualityOf(byte[] bytes, (int Start, int Length) at)
    {
        int wanted = -1, keys = 0, values = 0, quality = -1;
        var input = new CodedInputStream(bytes, at.Start, at.Length);
        while (SparkplugTag.Next(input) is not 0 and var tag)
        {
            if (tag != SparkplugTag.PropertyKey)
            {
                input.SkipLastField();
                continue;
            }
            var key = SparkplugTag.Body(input, bytes);
            if (Ascii.EqualsIgnoreCase(bytes.AsSpan(key.Start, key.Length), "Quality"u8)) wanted = keys;
            keys++;
        }
        if (wanted < 0) return SparkplugMetric.QualityGood;
        input = new CodedInputStream(bytes, at.Start, at.Length);
        while (SparkplugTag.Next(input) is not 0 and var tag)
        {
            if (tag == SparkplugTag.PropertyValue && values++ == wanted) quality = CodeOf(bytes, SparkplugTag.Body(input, bytes));
            else input.SkipLastField();
        }
        return quality;
    }

    private static int CodeOf(byte[] bytes, (int Start, int Length) at)
    {
        var (code, isNull) = (-1, false);
        var input = new CodedInputStream(bytes, at.Start, at.Length);
        while (SparkplugTag.Next(input) is not 0 and var tag)
        {
            switch (tag)
            {
                case SparkplugTag.PropertyIsNull: isNull = input.ReadBool(); break;
                case SparkplugTag.PropertyInt: code = (int)input.ReadUInt32(); break;
                case SparkplugTag.PropertyLong: code = (int)Math.Min(input.ReadUInt64(), int.MaxValue); break;
                default: input.SkipLastField(); break;
            }
        }
        return isNull ? -1 : code;
    }
}
