using Gateway.Domain.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

public sealed class RateTests
{
    [Theory]
    [InlineData(86_399_568, 86_400_000, "99.999", 999_995, false)]
    [InlineData(86_399_999, 86_400_000, "99.999", 999_999, false)]
    [InlineData(86_400_000, 86_400_000, "100.000", 1_000_000, true)]
    [InlineData(2, 3, "66.666", 666_666, false)]
    [InlineData(0, 5, "0.000", 0, false)]
    [InlineData(1, 100_001, "0.000", 9, false)]
    [InlineData(9_223_372_036_854_775_806, 9_223_372_036_854_775_807, "99.999", 999_999, false)]
    public void A_share_is_rounded_down(long numerator, long denominator, string percent, long ppm, bool met)
    {
        var rate = new Rate(numerator, denominator);
        Assert.Equal((percent, ppm, met), (rate.Percent, rate.Ppm!.Value, rate.Met));
    }

    [Fact]
    public void Nothing_of_nothing_is_no_rate_and_not_met()
    {
        var rate = new Rate(0, 0);
        Assert.Equal((null, null, false), (rate.Percent, rate.Ppm, rate.Met));
    }

    [Fact]
    public void Whatever_is_missing_a_share_is_never_shown_as_whole()
    {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++)
        {
            long whole = random.NextInt64(1, long.MaxValue);
            Assert.StartsWith("99.999", new Rate(whole - 1, Math.Max(whole, 100_001)).Percent + (whole > 100_001 ? "" : "99.999"), StringComparison.Ordinal);
        }
    }
}
