using System.Text;
using Gateway.Protocols.SparkplugB;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Protocols.Tests.SparkplugB;

public sealed class SparkplugPayloadTests
{
    private readonly SparkplugPayload _payload = new();

    [Fact]
    public void A_payload_is_its_time_its_number_and_its_metrics_in_order()
    {
        Read(TestPayload.Of(1_772_676_000_123, 7, TestMetric.Double("Crane/load_t", 1.5).At(1_772_676_000_120) with { Alias = 3 }, TestMetric.Bool("b", true)));

        Assert.Equal((1_772_676_000_123UL, 7UL, 2), (_payload.TimestampMs, _payload.Seq!.Value, _payload.Metrics.Length));
        var (load, flag) = (_payload.Metrics[0], _payload.Metrics[1]);
        Assert.Equal(("Crane/load_t", "b"), (Name(load), Name(flag)));
        Assert.Equal((true, 3UL, 1_772_676_000_120UL, SparkplugDataType.Double), (load.HasAlias, load.Alias, load.TimestampMs, load.DataType));
        Assert.Equal((false, 0UL), (flag.HasAlias, flag.TimestampMs));
    }

    [Fact]
    public void What_is_not_there_is_not_there()
    {
        Read([]);
        Assert.Equal((0UL, null, 0), (_payload.TimestampMs, _payload.Seq, _payload.Metrics.Length));
        Read(TestPayload.Of(0, null, new TestMetric(null)));
        var metric = _payload.Metrics[0];
        Assert.Equal((false, false, false, false, SparkplugDataType.Unknown, SparkplugValueKind.None, 192),
            (metric.HasName, metric.HasAlias, metric.IsNull, metric.IsHistorical, metric.DataType, metric.Kind, metric.Quality));
        Read(TestPayload.Of(0, null, new TestMetric("", 5)));
        Assert.Equal((false, true), (_payload.Metrics[0].HasName, _payload.Metrics[0].HasAlias));
    }

    [Fact]
    public void The_payload_before_leaves_nothing_behind()
    {
        Read(TestPayload.Of(9, 9, TestMetric.Text("name", "text") with { Type = 17 }, TestMetric.Int("b", 1)));
        Read(TestPayload.Of(0, null, TestMetric.Int("c", 2)));
        Assert.Equal((0UL, null, 1, 0, "c"), (_payload.TimestampMs, _payload.Seq, _payload.Metrics.Length, _payload.Skipped, Name(_payload.Metrics[0])));
    }

    [Fact]
    public void Flags_null_and_quality_are_read()
    {
        Read(TestPayload.Of(0, 0, TestMetric.Null("a", 10), TestMetric.Double("b", 1) with { Historical = true }, TestMetric.Double("c", 1) with { Quality = 0 },
            TestMetric.Double("d", 1) with { Quality = 500 }, TestMetric.Double("e", 1) with { Quality = 192 }));
        Assert.True(_payload.Metrics[0].IsNull);
        Assert.False(_payload.Metrics[0].TryNumber(SparkplugDataType.Double, out _));
        Assert.True(_payload.Metrics[1].IsHistorical);
        Assert.Equal([192, 192, 0, 500, 192], _payload.Metrics.ToArray().Select(m => m.Quality));
    }

    [Fact]
    public void Quality_is_the_value_that_stands_where_its_key_stands()
    {
        Assert.Equal(0, QualityOf(TestMetric.Properties(("engUnit", 192), ("Quality", 0), ("x", 192))));
        Assert.Equal(0, QualityOf(TestMetric.Properties(("engUnit", 500), ("quality", 0))));
        Assert.Equal(192, QualityOf(TestMetric.Properties(("engUnit", 0))));
        Assert.Equal(192, QualityOf([]));
    }

    [Fact]
    public void A_quality_that_cannot_be_read_is_not_good()
    {
        byte[] noValue = new WireBytes().Text(1, "Quality").ToArray();
        byte[] isText = new WireBytes().Text(1, "Quality").Bytes(2, new WireBytes().Varint(1, 12).Text(8, "192").ToArray()).ToArray();
        byte[] isNull = new WireBytes().Text(1, "Quality").Bytes(2, new WireBytes().Varint(1, 3).Varint(3, 192).Varint(2, 1).ToArray()).ToArray();
        byte[] aLong = new WireBytes().Text(1, "Quality").Bytes(2, new WireBytes().Varint(1, 4).Varint(4, 192).ToArray()).ToArray();
        Assert.Equal((-1, -1, -1, 192), (QualityOf(noValue), QualityOf(isText), QualityOf(isNull), QualityOf(aLong)));
    }

    [Fact]
    public void Sets_templates_bytes_and_arrays_are_skipped_and_counted()
    {
        byte[] deep = [1];
        for (int i = 0; i < 5_000; i++) deep = new WireBytes().Bytes(2, new WireBytes().Bytes(18, deep).ToArray()).ToArray();
        Read(TestPayload.Of(0, 0,
            new TestMetric("set") { Type = 16, Value = w => w.Bytes(17, 1, 2, 3) },
            new TestMetric("template") { Type = 19, Value = w => w.Bytes(18, deep) },
            new TestMetric("bytes") { Type = 17, Value = w => w.Bytes(16, 0xFF) },
            new TestMetric("array") { Type = 24, Value = w => w.Bytes(16, 0x15, 0xCD, 0x5B, 0x07) },
            new TestMetric("extension") { Value = w => w.Bytes(19) },
            TestMetric.Int("good", 5)));

        Assert.Equal((6, 5), (_payload.Metrics.Length, _payload.Skipped));
        Assert.All(_payload.Metrics[..5].ToArray(), m => Assert.False(m.TryNumber(m.DataType, out _)));
        Assert.True(_payload.Metrics[5].TryNumber(SparkplugDataType.UInt32, out double five) && five == 5);
    }

    [Fact]
    public void Unknown_fields_and_known_ones_of_another_wire_type_are_passed_over()
    {
        byte[] metric = new WireBytes().Varint(99, 5).Text(1, "m").Varint(1, 7).Fixed64(10, 3).Fixed32(200, 1).Varint(4, 7).Varint(10, 42).Bytes(8, 1, 2, 3).Varint(6, 1).ToArray();
        byte[] payload = new WireBytes().Text(4, "uuid").Bytes(5, 0xFF, 0xFF).Bytes(77, 9).Bytes(2, metric).Varint(2, 3).Bytes(1, 4).Tag(50, 3).Varint(1, 1).Tag(50, 4).Varint(3, 8).ToArray();
        Read(payload);
        Assert.Equal((8UL, 0UL, 1, "m"), (_payload.Seq!.Value, _payload.TimestampMs, _payload.Metrics.Length, Name(_payload.Metrics[0])));
        Assert.True(_payload.Metrics[0].TryNumber(SparkplugDataType.UInt32, out double value) && value == 42);
    }

    [Fact]
    public void Of_a_field_that_comes_twice_the_last_one_counts()
    {
        byte[] metric = new WireBytes().Text(1, "a").Varint(10, 1).Text(1, "bc").Fixed64(13, 2.5).ToArray();
        Read(new WireBytes().Varint(3, 1).Bytes(2, metric).Varint(3, 2).ToArray());
        Assert.Equal((2UL, "bc", SparkplugValueKind.Double), (_payload.Seq!.Value, Name(_payload.Metrics[0]), _payload.Metrics[0].Kind));
    }

    [Fact]
    public void A_length_written_with_more_bytes_than_it_needs_is_read_all_the_same()
    {
        byte[] metric = [0x0A, 0x81, 0x00, (byte)'x', 0x50, 0x07];
        Read([0x12, 0x86, 0x80, 0x00, .. metric]);
        Assert.Equal("x", Name(_payload.Metrics[0]));
        Assert.True(_payload.Metrics[0].TryNumber(SparkplugDataType.Int32, out double seven) && seven == 7);
    }

    [Fact]
    public void Limits_hold_while_reading()
    {
        var three = new SparkplugPayload(metricsMax: 3);
        byte[] Of(int count) => TestPayload.Of(0, 0, [.. Enumerable.Repeat(new TestMetric("m"), count)]);
        Assert.Equal(SparkplugVerdict.Read, three.Read(Of(3)));
        Assert.Equal(SparkplugVerdict.TooManyMetrics, three.Read(Of(4)));
        Read(TestPayload.Of(0, 0, new TestMetric(new string('n', SparkplugLimits.NameBytesMax))));
        Read(TestPayload.Of(0, 0, new TestMetric(new string('n', SparkplugLimits.NameBytesMax + 1))), SparkplugVerdict.NameTooLong);
    }

    [Fact]
    public void A_bomb_of_empty_metrics_costs_no_more_than_the_limit()
    {
        byte[] bomb = new byte[1_000_000];
        for (int i = 0; i < bomb.Length; i += 2) bomb[i] = 0x12;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(bomb, SparkplugVerdict.TooManyMetrics);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Groups_nested_without_end_are_broken_and_no_overflow()
    {
        byte[] groups = new byte[200_000];
        Array.Fill(groups, (byte)(9 << 3 | 3));
        Read(groups, SparkplugVerdict.Broken);
        Read(new WireBytes().Bytes(2, groups).ToArray(), SparkplugVerdict.Broken);
        Read(new WireBytes().Tag(9, 4).ToArray(), SparkplugVerdict.Broken);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("12FFFFFFFF0F")]
    [InlineData("12FFFFFFFF07")]
    [InlineData("1205")]
    [InlineData("12020A05")]
    [InlineData("1203120A05")]
    [InlineData("0F")]
    [InlineData("12020E00")]
    [InlineData("12044A020F00")]
    public void What_is_no_protocol_buffer_is_broken(string hex) => Read(Convert.FromHexString(hex), SparkplugVerdict.Broken);

    [Fact]
    public void A_payload_torn_inside_a_metric_is_broken_and_harms_nobody()
    {
        byte[] whole = new WireBytes().Bytes(2, (TestMetric.Text("Crane/operator", "张三").At(1_772_676_000_123) with { Alias = 300, Quality = 192 }).ToBytes()).ToArray();
        for (int length = 1; length < whole.Length; length++) Read(whole[..length], SparkplugVerdict.Broken);
        Read(whole);
        Assert.Equal("张三", Encoding.UTF8.GetString(_payload.TextOf(_payload.Metrics[0])));
    }

    [Fact]
    public void Noise_terminates_with_a_verdict_and_a_good_payload_is_read_after_it()
    {
        var random = new Random(20_260_305);
        byte[] good = TestPayload.NodeBirth(1_772_676_000_123, 0, 7, TestMetric.Float("a", 1.1f) with { Quality = 192, Alias = 9 }, TestMetric.Text("b", "text"), TestMetric.Null("c", 3));
        var verdicts = new HashSet<SparkplugVerdict>();
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 6); n > 0; n--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            verdicts.Add(_payload.Read(bad));
            foreach (ref readonly var metric in _payload.Metrics)
            {
                metric.TryNumber(metric.DataType, out _);
                Assert.True(_payload.NameOf(metric).Length + _payload.TextOf(metric).Length <= 2 * bad.Length);
            }
        }
        Assert.Superset(new HashSet<SparkplugVerdict> { SparkplugVerdict.Read, SparkplugVerdict.Broken }, verdicts);
        Read(good);
        Assert.Equal(5, _payload.Metrics.Length);
    }

    private int QualityOf(byte[] properties)
    {
        Read(TestPayload.Of(0, 0, new TestMetric("m") { Value = w => w.Bytes(9, properties) }));
        return _payload.Metrics[0].Quality;
    }

    private void Read(byte[] payload, SparkplugVerdict expected = SparkplugVerdict.Read) => Assert.Equal(expected, _payload.Read(payload));

    private string Name(in SparkplugMetric metric) => Encoding.UTF8.GetString(_payload.NameOf(metric));
}
