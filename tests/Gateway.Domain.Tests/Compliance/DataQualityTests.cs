using System.Text.RegularExpressions;
using Gateway.Domain.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

public sealed class DataQualityTests
{
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
