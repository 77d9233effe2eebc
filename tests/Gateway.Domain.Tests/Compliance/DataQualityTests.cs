using System.Text.RegularExpressions;
using Gateway.Domain.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

public sealed class DataQualityTests
{
    private const long TenMinutes = 600_000;

    [Fact]
    public void A_day_of_ten_minute_data_has_144_slots_and_each_counts_once()
    {
        var points = Enumerable.Range(0, 144).Where(i => i != 7).SelectMany(i => new[] { (i * TenMinutes + 1, i % 10 != 0), (i * TenMinutes + 2, i % 20 == 0) });
        // Slot 7 is missing; of the tens every other one has a good datum beside the bad one.
        Assert.Equal(new DataQuality(144, 143, 143 - 7), DataQuality.Count(points, TenMinutes, 0, 86_400_000));
    }

    [Theory]
    [InlineData(82_800_000, 138)]
    [InlineData(90_000_000, 150)]
    [InlineData(86_399_999, 143)]
    [InlineData(0, 0)]
    public void What_is_due_follows_the_length_of_the_day(long lengthMs, long expected)
    {
        Assert.Equal(expected, DataQuality.Count([(-1, true), (lengthMs, true), (lengthMs - 1, true)], TenMinutes, 0, lengthMs).Expected);
    }

    [Fact]
    public void Data_outside_the_span_do_not_count()
    {
        Assert.Equal(new DataQuality(2, 0, 0), DataQuality.Count([(-1, true), (2 * TenMinutes, true)], TenMinutes, 0, 2 * TenMinutes));
    }

    [Theory]
    [InlineData(999_995, 999_995, 1_000_000, "99.999", 999_990)]
    [InlineData(2, 2, 3, "44.444", 444_444)]
    [InlineData(3, 3, 3, "100.000", 1_000_000)]
    // Rounded one by one it would be 66.666 % of 66.666 % = 44.443 %.
    [InlineData(9_000_000_000_000_000_000, 9_000_000_000_000_000_000, 9_000_000_000_000_000_001, "99.999", 999_999)]
    public void The_effective_rate_is_rounded_once(long received, long valid, long expected, string percent, long ppm)
    {
        var effective = new DataQuality(expected, received, valid).Effective;
        Assert.Equal((percent, ppm, received == expected), (effective.Percent, effective.Ppm!.Value, effective.Met));
    }

    [Fact]
    public void Where_nothing_was_due_there_is_no_rate()
    {
        var none = default(DataQuality);
        Assert.Equal((null, null, null, false), (none.Transmission.Percent, none.Effective.Percent, none.Effective.Ppm, none.Effective.Met));
    }

    [Fact]
    public void Every_figure_is_defined_in_both_languages_and_its_formula_uses_its_terms()
    {
        Assert.Equal(Figures.All.Count, Figures.All.Select(f => f.Id).Distinct().Count());
        foreach (var figure in Figures.All)
        {
            Assert.True(figure.Name.Zh.Length > 0 && figure.Name.En.Length > 0 && figure.Meaning.Zh.Length > 0 && figure.Meaning.En.Length > 0, figure.Id);
            string[] used = [.. Regex.Matches(figure.Formula, "[a-zA-Z]{2,}").Select(m => m.Value).Distinct()];
            Assert.Subset(figure.Terms.Select(t => t.Symbol).ToHashSet(), used.ToHashSet());
            Assert.All(figure.Terms, t => Assert.Contains(t.Unit, new[] { "ms", "d", "1" }));
        }
    }

    [Fact]
    public void Every_figure_of_the_catalogue_has_a_value_in_its_order()
    {
        var values = Figures.Of(Tally.None, UnknownCounts.AsNotOnline, new InsuranceDays(0, 0, []));
        Assert.Equal(Figures.All, values.Select(v => v.Figure));
        Assert.All(values, v => Assert.Equal((v.Figure.Terms.Count, null, false), (v.Terms.Count, v.Percent, v.Met)));
    }
}
