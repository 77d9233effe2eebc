using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Xunit;

namespace Gateway.Domain.Tests.Rules;

public sealed class RuleWatchTests
{
    private const RuleVerdict No = RuleVerdict.Unchanged, Raised = RuleVerdict.Raised, Returned = RuleVerdict.Returned;

    [Fact]
    public void A_limit_is_passed_only_beyond_it_and_left_only_below_the_deadband() => Judge(
        Watch(new ThresholdEvaluator("wind_mps", 13.8, null, 1, 0, 0)),
        (0, 13.8, No), (1, 13.9, Raised), (2, 14.5, No), (3, 13.0, No), (4, 12.8, No), (5, 12.7, Returned), (6, 13.8, No), (7, 20, Raised));

    [Fact]
    public void Without_a_deadband_the_limit_itself_is_back() => Judge(
        Watch(new ThresholdEvaluator("wind_mps", 13.8, null, 0, 0, 0)),
        (0, 13.9, Raised), (1, 13.8, Returned));

    [Fact]
    public void A_lower_limit_works_the_other_way_round() => Judge(
        Watch(new ThresholdEvaluator("wind_mps", null, 2, 0.5, 0, 0)),
        (0, 2, No), (1, 1.9, Raised), (2, 2.5, No), (3, 2.6, Returned));

    [Fact]
    public void With_delays_the_condition_and_its_end_must_hold() => Judge(
        Watch(new ThresholdEvaluator("wind_mps", 10, null, 0, OnDelayMs: 10_000, OffDelayMs: 5_000)),
        (0, 11, No), (9, 11, No), (9.5, 9, No), (10, 11, No), (19.9, 11, No), (20, 11, Raised),
        (21, 9, No), (25, 11, No), (26, 9, No), (30.9, 9, No), (31, 9, Returned), (32, 11, No));

    [Fact]
    public void A_bit_is_read_out_of_its_integer() => Judge(
        Watch(new BitEvaluator("alarm_bits", 3, 0, 0), "alarm_bits"),
        (0, 0b0111, No), (1, 0b1000, Raised), (2, 0b1111, No), (3, 0b0111, Returned));

    [Fact]
    public void A_resumed_watch_neither_rises_again_nor_clears_by_itself()
    {
        var watch = Watch(new ThresholdEvaluator("wind_mps", 10, null, 1, 0, 0));
        watch.Resume();

        Judge(watch, (0, 12, No), (1, 9.5, No), (2, 8.9, Returned));
    }

    [Fact]
    public void A_rule_binds_only_to_a_profile_that_has_its_field()
    {
        Assert.Null(RuleWatch.Bind(Rule(new ThresholdEvaluator("depth_m", 1, null, 0, 0, 0)), Profile("wind_mps")));
        Assert.Null(RuleWatch.Bind(Rule(new SilentEvaluator()), Profile("wind_mps")));
    }

    [Theory]
    [InlineData("crane", true, true)]
    [InlineData("crane", false, false)]
    [InlineData("dust", true, false)]
    public void A_rule_for_safety_devices_of_a_kind_leaves_all_others_alone(string kind, bool safety, bool applies) =>
        Assert.Equal(applies, (Rule(new SilentEvaluator()) with { Kinds = ["crane"], SafetyOnly = true }).AppliesTo(kind, safety));

    private static void Judge(RuleWatch watch, params (double Seconds, double Value, RuleVerdict Verdict)[] steps)
    {
        foreach (var (seconds, value, verdict) in steps)
            Assert.Equal((seconds, value, verdict), (seconds, value, watch.Judge(value, 1_770_000_000_000 + (long)(seconds * 1000))));
    }

    private static RuleWatch Watch(Evaluator evaluator, string field = "wind_mps") => RuleWatch.Bind(Rule(evaluator), Profile(field))!;

    private static Rule Rule(Evaluator evaluator) =>
        new("r", "p", "1", [], false, Severity.High, new LocalText("", ""), new LocalText("", ""), null, evaluator);

    private static DeviceProfile Profile(string field) => new("p", 1, "crane", new LocalText("", ""), ReadingKind.Measurement, "crane", "device",
        [new FieldSpec("other", "", FieldType.Number, 0, 1), new FieldSpec(field, "", FieldType.Number, -1e9, 1e9)], -1, null);
}
