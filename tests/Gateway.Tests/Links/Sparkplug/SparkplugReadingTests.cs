using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>From metrics to readings: time, quality, types, what is unchanged.</summary>
public sealed class SparkplugReadingTests : IDisposable
{
    private readonly SparkplugRig _rig = new();
    private readonly TestNode _node;

    public SparkplugReadingTests()
    {
        _node = new TestNode("yard", "n1", () => _rig.NowMs) { UsesAliases = false };
        _rig.Sends(_node.Birth());
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Metrics_of_one_time_are_one_reading_and_others_are_their_own_in_order_of_time()
    {
        Birth();
        long now = _rig.NowMs;
        _rig.Sends(_node.DeviceData("k1", Load(3).At(now), Wind(1).At(now - 200), Load(2).At(now - 200), Tilt(5)));

        var seen = _rig.Ingested();
        Assert.Equal([now - 200, now], seen.Readings.Select(r => r.MeasuredAtMs));
        Assert.Equal(["crane,site=s1,device=c1 wind_mps=1,load_t=2", "crane,site=s1,device=c1 load_t=3,tilt_deg=5"], seen.Lines);
        Assert.All(seen.Readings, r => Assert.Equal((ReadingFlags.None, now), (r.Flags, r.ReceivedAtMs)));
    }

    [Fact]
    public void A_historical_metric_is_backfill_at_its_own_time_and_changes_nothing_live()
    {
        Birth(Load(1), Wind(2));
        long now = _rig.NowMs;
        _rig.Sends(_node.DeviceData("k1", Load(3), Load(7).At(now - 3_600_000) with { Historical = true }, Load(8).At(now - 1_800_000) with { Historical = true }));
        var seen = _rig.Ingested();
        Assert.Equal([ReadingFlags.Backfill, ReadingFlags.Backfill, ReadingFlags.None], seen.Readings.Select(r => r.Flags));
        Assert.Equal([now - 3_600_000, now - 1_800_000, now], seen.Readings.Select(r => r.MeasuredAtMs));
        Assert.Equal([7.0, 8, 3], seen.Readings.Select(r => r.Good("load_t")!.Value));

        _rig.Sends(_node.DeviceData("k1", Wind(4)));
        Assert.Equal(3, _rig.Ingested().Readings[0].Good("load_t"));
    }

    [Fact]
    public void A_historical_metric_without_a_time_has_the_messages_and_without_any_is_counted()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", Load(7) with { Historical = true }));
        var reading = _rig.Ingested().Readings.Single();
        Assert.Equal((ReadingFlags.Backfill, _rig.NowMs), (reading.Flags, reading.MeasuredAtMs));
        byte[] timeless = TestPayload.Of(0, _node.Seq++, Load(7) with { Historical = true });
        Assert.Equal(DecodeOutcome.NoKnownField, _rig.Take(new TestMessage("spBv1.0/yard/DDATA/n1/k1", timeless)).Reason);
        Assert.Equal(1, _rig.Host.Figures().SkippedMetrics);
    }

    [Fact]
    public void A_live_value_without_any_time_or_with_an_impossible_one_has_the_time_of_receipt()
    {
        Birth();
        byte[] timeless = TestPayload.Of(0, _node.Seq++, Load(2), Wind(3) with { AtMs = ulong.MaxValue });
        _rig.Sends(new TestMessage("spBv1.0/yard/DDATA/n1/k1", timeless));
        var reading = _rig.Ingested().Readings.Single();
        Assert.Equal((0, 2.0, 3.0), (reading.MeasuredAtMs, reading.Good("load_t"), reading.Good("wind_mps")));
    }

    [Fact]
    public void Of_two_values_of_one_field_and_time_the_later_one_counts()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", Load(2), Wind(5), Load(3)));
        Assert.Equal(["crane,site=s1,device=c1 wind_mps=5,load_t=3"], _rig.Ingested().Lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(64)]
    public void A_quality_that_is_not_good_makes_a_bad_value(int quality)
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", Load(2) with { Quality = quality }, Wind(3) with { Quality = 192 }));
        var seen = _rig.Ingested();
        Assert.Equal(["crane,site=s1,device=c1 wind_mps=3,bad_fields=1i"], seen.Lines);
        Assert.Equal((SampleQuality.Bad, 2.0), (seen.Readings[0].Samples[0].Quality, seen.Readings[0].Samples[0].Value));
    }

    [Fact]
    public void A_null_a_missing_value_and_a_wrong_type_are_bad_values()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", TestMetric.Null("Crane/load_t", 10), new TestMetric("Crane/wind_mps"), TestMetric.Text("Crane/tilt_deg", "3"),
            new TestMetric("Crane/radius_m") { Type = 17, Value = w => w.Bytes(16, 1) }, TestMetric.Double("Crane/height_m", 9)));
        var samples = _rig.Ingested().Readings.Single().Samples;
        Assert.Equal(["load_t", "wind_mps", "tilt_deg", "radius_m"], samples.Where(s => s.Quality == SampleQuality.Bad).Select(s => s.Field));
        Assert.Equal(1, _rig.Host.Figures().SkippedMetrics);
    }

    [Fact]
    public void A_text_with_bad_quality_in_another_encoding_or_too_long_is_a_bad_value()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", TestMetric.Text("Crane/operator", "op-1") with { Quality = 0 }));
        _rig.Sends(_node.DeviceData("k1", new TestMetric("Crane/operator") { Type = 12, Value = w => w.Bytes(15, 0xD5, 0xC5) }));
        _rig.Sends(_node.DeviceData("k1", TestMetric.Text("Crane/operator", new string('x', 257))));
        Assert.All(_rig.Ingested().Readings, r => Assert.Equal(SampleQuality.Bad, Assert.Single(r.Samples).Quality));
    }

    [Fact]
    public void Every_scalar_type_fills_a_number_and_a_text()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", TestMetric.Float("Crane/load_t", 1.1f), TestMetric.Int("Crane/slew_deg", 0xFFFFFFFF, 3), TestMetric.Int("Crane/falls", 4, 5),
            TestMetric.Long("Crane/alarm_bits", 5, 7), TestMetric.Int("Crane/operator", 1001, 7), TestMetric.Bool("Crane/moment_pct", true)));
        Assert.Equal(["crane,site=s1,device=c1 load_t=1.1,slew_deg=-1,falls=4i,alarm_bits=5i,operator=\"1001\",moment_pct=1"], _rig.Ingested().Lines);
        _rig.Sends(_node.DeviceData("k1", TestMetric.Text("Crane/operator", "b9c3…", 15)));
        Assert.Equal(["crane,site=s1,device=c1 operator=\"b9c3…\""], _rig.Ingested().Lines);
    }

    [Fact]
    public void A_value_out_of_range_or_not_finite_is_shown_and_not_stored()
    {
        Birth();
        _rig.Sends(_node.DeviceData("k1", Load(1e9), TestMetric.Double("Crane/wind_mps", double.NaN), TestMetric.Float("Crane/tilt_deg", float.PositiveInfinity)));
        var seen = _rig.Ingested();
        Assert.All(seen.Readings.Single().Samples, s => Assert.Equal(SampleQuality.OutOfRange, s.Quality));
        Assert.Equal(["crane,site=s1,device=c1 bad_fields=3i"], seen.Lines);
    }

    [Fact]
    public void What_a_device_does_not_send_is_unchanged_for_the_rules_and_not_stored_again()
    {
        Birth(Load(1), Wind(2), TestMetric.Text("Crane/operator", "op-1"));
        _rig.Sends(_node.DeviceData("k1", Wind(3)));
        var seen = _rig.Ingested();
        Assert.Equal(["crane,site=s1,device=c1 wind_mps=3"], seen.Lines);
        Assert.Equal((1, 3, _rig.Texts.NumberOf("op-1"u8)), (seen.Readings[0].Good("load_t"), seen.Readings[0].Good("wind_mps"), seen.Readings[0].Good("operator")));
    }

    [Fact]
    public void A_value_that_went_bad_is_not_unchanged()
    {
        Birth(Load(1), Wind(2));
        _rig.Sends(_node.DeviceData("k1", Load(0) with { Quality = 0 }, Wind(3)), _node.DeviceData("k1", Wind(4)));
        Assert.All(_rig.Ingested().Readings, r => Assert.Null(r.Good("load_t")));
    }

    [Fact]
    public void Values_that_are_only_bad_are_not_made_good_by_what_is_unchanged()
    {
        Birth(Load(1), Wind(2));
        _rig.Sends(_node.DeviceData("k1", Wind(3) with { Quality = 500 }));
        Assert.False(_rig.Ingested().Readings.Single().AnyGood);
    }

    [Fact]
    public void After_a_new_birth_a_loss_or_a_death_nothing_is_unchanged()
    {
        Birth(Load(1), Wind(2));
        _rig.Sends(_node.DeviceBirth("k1", Wind(3), TestMetric.Null("Crane/load_t", 10)), _node.DeviceData("k1", Wind(4)));
        _node.Seq++;
        _rig.Sends(_node.DeviceData("k1", Load(5)));
        _rig.Pass(5);
        _rig.Sends(_node.DeviceData("k1", Wind(6)));
        var readings = _rig.Ingested().Readings;
        Assert.Null(readings[1].Good("load_t"));
        Assert.Null(readings[2].Good("wind_mps"));
        _rig.Sends(_node.DeviceDeath("k1"), _node.DeviceBirth("k1", Wind(7), TestMetric.Null("Crane/load_t", 10)), _node.DeviceData("k1", Wind(8)));
        Assert.All(_rig.Ingested().Readings, r => Assert.Null(r.Good("load_t")));
    }

    [Fact]
    public void What_the_new_birth_does_not_announce_is_not_unchanged()
    {
        Birth(Load(1), Wind(2));
        _rig.Sends(_node.DeviceBirth("k1", Wind(3)), _node.DeviceData("k1", Wind(4)));
        Assert.Null(_rig.Ingested().Readings[^1].Good("load_t"));
    }

    [Fact]
    public void A_retained_message_is_flagged_and_changes_no_session()
    {
        Birth(Load(1), Wind(2));
        var data = _node.DeviceData("k1", Load(5));
        Assert.Equal(SparkplugAnswer.Taken, _rig.Send(data, retained: true));
        var seen = _rig.Ingested();
        Assert.Equal((ReadingFlags.Retained, 5.0), (seen.Readings[0].Flags, seen.Readings[0].Good("load_t")));
        Assert.Equal(["load_t"], seen.Readings[0].Samples.Select(s => s.Field));
        // Its turn is still to come, and what it said is not what is.
        _rig.Sends(data, _node.DeviceData("k1", Wind(3)));
        Assert.Equal(2, _rig.Ingested().Readings.Count);
    }

    [Fact]
    public void A_retained_birth_is_no_birth_and_a_retained_death_no_death()
    {
        var birth = _node.DeviceBirth("k1", Load(5));
        Assert.Equal(SparkplugAnswer.Taken, _rig.Send(birth, retained: true));
        var seen = _rig.Ingested();
        Assert.Empty(seen.Events);
        Assert.Equal(ReadingFlags.Retained, seen.Readings.Single().Flags);
        Assert.Equal(0, _rig.Host.Figures().DevicesBorn);
        _rig.Sends(birth);
        _rig.Ingested();
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(_node.DeviceDeath("k1"), retained: true).Reason);
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(_node.Death(), retained: true).Reason);
        Assert.Empty(_rig.Ingested().Events);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void A_retained_message_of_an_unknown_node_makes_no_node_and_asks_for_nothing()
    {
        var stranger = new TestNode("other", "n", () => _rig.NowMs);
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(stranger.Birth(Load(1)), retained: true).Reason);
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(_node.DeviceBirth("k9", Load(1)), retained: true).Reason);
        Assert.Empty(_rig.Published);
        Assert.Empty(_rig.Ingested().Events);
    }

    private void Birth(params TestMetric[] metrics)
    {
        TestMetric[] all = [.. _rig.Directory.Registered[0].Profile.Sparkplug!.Fields.Select(f => System.Text.Encoding.UTF8.GetString(f.Metric))
            .Select(n => n == "Crane/operator" ? TestMetric.Null(n, 12) : TestMetric.Null(n, 10))];
        _rig.Sends(_node.DeviceBirth("k1", [.. all.Where(m => !metrics.Any(n => n.Name == m.Name)), .. metrics]));
        _rig.Ingested();
    }

    private static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);

    private static TestMetric Wind(double value) => TestMetric.Double("Crane/wind_mps", value);

    private static TestMetric Tilt(double value) => TestMetric.Double("Crane/tilt_deg", value);
}
