using Gateway.Protocols.SparkplugB;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Protocols.Tests.SparkplugB;

public sealed class SparkplugValueTests
{
    [Theory]
    [InlineData(SparkplugDataType.Int8, 127u, 127)]
    [InlineData(SparkplugDataType.Int8, 0xFFu, -1)]
    [InlineData(SparkplugDataType.Int8, 0xFFFFFF80u, -128)]
    [InlineData(SparkplugDataType.Int16, 0xFFFFu, -1)]
    [InlineData(SparkplugDataType.Int16, 0xFFFF8000u, -32_768)]
    [InlineData(SparkplugDataType.Int32, 0xFFFFFFFFu, -1)]
    [InlineData(SparkplugDataType.Int32, 0x7FFFFFFFu, int.MaxValue)]
    [InlineData(SparkplugDataType.Int64, 5u, 5)]
    [InlineData(SparkplugDataType.UInt8, 255u, 255)]
    [InlineData(SparkplugDataType.UInt16, 65_535u, 65_535)]
    [InlineData(SparkplugDataType.UInt32, 0xFFFFFFFFu, 4_294_967_295)]
    public void An_integer_in_32_bits_has_the_sign_of_its_type(SparkplugDataType type, uint raw, double expected) => Assert.Equal(expected, Number(TestMetric.Int("m", raw), type));

    [Theory]
    [InlineData(SparkplugDataType.Int8, 0xFFFFFFFFFFFFFFFFul, -1)]
    [InlineData(SparkplugDataType.Int32, 0xFFFFFFFF80000000ul, int.MinValue)]
    [InlineData(SparkplugDataType.Int64, 0xFFFFFFFFFFFFFFFEul, -2)]
    [InlineData(SparkplugDataType.UInt32, 4_294_967_295ul, 4_294_967_295)]
    [InlineData(SparkplugDataType.UInt64, 0xFFFFFFFFFFFFFFFFul, 18_446_744_073_709_551_615.0)]
    [InlineData(SparkplugDataType.DateTime, 1_772_676_000_123ul, 1_772_676_000_123)]
    public void An_integer_in_64_bits_has_the_sign_of_its_type(SparkplugDataType type, ulong raw, double expected) => Assert.Equal(expected, Number(TestMetric.Long("m", raw), type));

    [Theory]
    [InlineData(SparkplugDataType.Int8, 256ul)]
    [InlineData(SparkplugDataType.Int8, 0xFFFFFF7Ful)]
    [InlineData(SparkplugDataType.Int16, 65_536ul)]
    [InlineData(SparkplugDataType.Int32, 0x1_0000_0000ul)]
    [InlineData(SparkplugDataType.UInt8, 256ul)]
    [InlineData(SparkplugDataType.UInt16, 65_536ul)]
    [InlineData(SparkplugDataType.UInt32, 0xFFFFFFFFFFFFFFFFul)]
    public void A_number_that_its_type_cannot_hold_is_none(SparkplugDataType type, ulong raw) => Assert.Null(Number(TestMetric.Long("m", raw), type));

    [Fact]
    public void A_float_is_what_its_shortest_decimal_says()
    {
        Assert.Equal(1.1, Number(TestMetric.Float("m", 1.1f), SparkplugDataType.Float));
        Assert.Equal(-1e-20, Number(TestMetric.Float("m", -1e-20f), SparkplugDataType.Float));
        Assert.Equal(3.4028235E+38, Number(TestMetric.Float("m", float.MaxValue), SparkplugDataType.Float));
        Assert.Equal(double.NaN, Number(TestMetric.Float("m", float.NaN), SparkplugDataType.Float));
        Assert.Equal(double.NegativeInfinity, Number(TestMetric.Float("m", float.NegativeInfinity), SparkplugDataType.Float));
    }

    [Fact]
    public void A_double_a_truth_value_and_a_float_sent_as_double_are_read()
    {
        Assert.Equal(0.1, Number(TestMetric.Double("m", 0.1), SparkplugDataType.Double));
        Assert.Equal(0.1, Number(TestMetric.Double("m", 0.1), SparkplugDataType.Float));
        Assert.Equal((1, 0), (Number(TestMetric.Bool("m", true), SparkplugDataType.Boolean), Number(TestMetric.Bool("m", false), SparkplugDataType.Boolean)));
    }

    [Fact]
    public void Value_and_type_must_fit_each_other()
    {
        Assert.Null(Number(TestMetric.Int("m", 1), SparkplugDataType.Boolean));
        Assert.Null(Number(TestMetric.Int("m", 1), SparkplugDataType.Double));
        Assert.Null(Number(TestMetric.Double("m", 1), SparkplugDataType.Int32));
        Assert.Null(Number(TestMetric.Bool("m", true), SparkplugDataType.UInt8));
        Assert.Null(Number(TestMetric.Text("m", "1"), SparkplugDataType.Double));
        Assert.Null(Number(TestMetric.Int("m", 1), SparkplugDataType.Unknown));
        Assert.Null(Number(TestMetric.Int("m", 1), SparkplugDataType.String));
        Assert.Null(Number(new TestMetric("m"), SparkplugDataType.Double));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(11, false, false)]
    [InlineData(12, false, true)]
    [InlineData(13, false, false)]
    [InlineData(14, false, true)]
    [InlineData(15, false, true)]
    [InlineData(16, true, false)]
    [InlineData(0, false, false)]
    [InlineData(34, true, false)]
    [InlineData(35, false, false)]
    [InlineData(4_000_000_000, false, false)]
    public void Types_are_known_by_their_numbers(uint number, bool skipped, bool text)
    {
        var type = SparkplugDataTypes.Of(number);
        Assert.Equal((skipped, text), (type.IsSkipped(), type.IsText()));
    }

    private static double? Number(TestMetric metric, SparkplugDataType type)
    {
        var payload = new SparkplugPayload();
        Assert.Equal(SparkplugVerdict.Read, payload.Read(TestPayload.Of(0, 0, metric)));
        return payload.Metrics[0].TryNumber(type, out double value) ? value : null;
    }
}
