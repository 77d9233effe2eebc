using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class CheckReaderTests
{
    private const string Good = """
        {
          "id": "p", "kind": "crane", "title": "t", "clockSkewSecondsMax": 30,
          "checks": [
            { "kind": "range", "field": "load_t", "times": 5 },
            { "kind": "frozen", "fields": ["load_t", "wind_mps"], "forSeconds": 90.5, "unless": { "field": "wind_mps", "below": 0.5 }, "goodToReturn": 7, "goodSecondsToReturn": 20 },
            { "kind": "rate", "field": "load_t", "perSecondMax": 2.5 },
            { "kind": "selfTest", "field": "bits", "bit": 30 },
            { "kind": "regularity", "withinMs": 2, "messages": 60 },
            { "kind": "identical", "messages": 300, "effect": "implausible", "title": { "zh": "题", "en": "title" }, "advice": { "zh": "办", "en": "advice" } }
          ],
          "fields": [
            { "field": "load_t", "json": "load", "min": -1 }, { "field": "wind_mps", "json": "wind" }, { "field": "bits", "type": "integer", "json": "bits" }, { "field": "who", "type": "text", "json": "who" }
          ]
        }
        """;

    [Fact]
    public void Every_kind_of_check_is_read_with_its_defaults()
    {
        var profile = Read(Good, out var problems)!.Device;
        Assert.Empty(problems);
        Assert.Equal(30_000, profile.ClockSkewMsMax);
        Assert.Equal([CheckKind.Range, CheckKind.Frozen, CheckKind.Rate, CheckKind.SelfTest, CheckKind.Regularity, CheckKind.Identical], profile.Checks.Select(c => c.Kind));
        Assert.Equal([false, false, false, false, true, false], profile.Checks.Select(c => c.Suspect));
        Assert.Equal(new RangeCheck(0, 5), profile.Checks[0]);
        var frozen = Assert.IsType<FrozenCheck>(profile.Checks[1]);
        Assert.Equal([0, 1], frozen.Slots);
        Assert.Equal((90_500, new AtRest(1, 0.5), 7, 20_000), (frozen.ForMs, frozen.Unless, frozen.GoodToReturn, frozen.GoodMsToReturn));
        Assert.Equal(new RateCheck(0, 2.5, 3), profile.Checks[2]);
        Assert.Equal((3, 10_000), (profile.Checks[2].GoodToReturn, profile.Checks[2].GoodMsToReturn));
        Assert.Equal(new SelfTestCheck(2, 30, null, null, 1), profile.Checks[3]);
        Assert.Equal(new RegularityCheck(2, 60, null) { Suspect = true }, profile.Checks[4]);
        Assert.Equal(new IdenticalCheck(300, null) { Title = new("题", "title"), Advice = new("办", "advice") }, profile.Checks[5]);
    }

    [Fact]
    public void A_profile_without_checks_has_none_and_a_minute_for_the_clock()
    {
        var profile = Read("""{ "id": "p", "kind": "crane", "title": "t", "fields": [ { "field": "v", "json": "v" } ] }""", out _)!.Device;
        Assert.Empty(profile.Checks);
        Assert.Equal(60_000, profile.ClockSkewMsMax);
    }

    [Theory]
    [InlineData("\"kind\": \"range\"", "\"kind\": \"rainge\"", "checks[0].kind")]
    [InlineData("\"kind\": \"range\"", "\"kind\": \"clock\"", "checks[0].kind")]
    [InlineData("\"field\": \"load_t\", \"times\": 5", "\"field\": \"wind_mps\", \"times\": 5", "checks[0].field")]
    [InlineData("\"times\": 5", "\"times\": 0", "checks[0].times")]
    [InlineData("\"times\": 5", "\"forSeconds\": 5", "checks[0].forSeconds")]
    [InlineData("\"fields\": [\"load_t\", \"wind_mps\"]", "\"fields\": [\"load_t\", \"who\"]", "checks[1].fields")]
    [InlineData("\"fields\": [\"load_t\", \"wind_mps\"]", "\"fields\": []", "checks[1].fields")]
    [InlineData("\"fields\": [\"load_t\", \"wind_mps\"]", "\"field\": \"load_t\", \"fields\": [\"wind_mps\"]", "checks[1].field")]
    [InlineData("\"fields\": [\"load_t\", \"wind_mps\"]", "\"goodToReturn\": 3", "checks[1].field")]
    [InlineData("\"forSeconds\": 90.5, ", "", "checks[1].forSeconds")]
    [InlineData("\"below\": 0.5", "\"above\": 0.5", "checks[1].unless.below")]
    [InlineData("\"field\": \"wind_mps\", \"below\"", "\"field\": \"gust\", \"below\"", "checks[1].unless.field")]
    [InlineData("\"goodSecondsToReturn\": 20", "\"goodSecondsToReturn\": -1", "checks[1].goodSecondsToReturn")]
    [InlineData("\"perSecondMax\": 2.5", "\"perSecondMax\": 0", "checks[2].perSecondMax")]
    [InlineData("\"bit\": 30", "\"bit\": 53", "checks[3].bit")]
    [InlineData("\"bit\": 30", "\"bit\": 30, \"above\": 1", "checks[3].bit")]
    [InlineData(", \"bit\": 30", "", "checks[3].bit")]
    [InlineData(", \"messages\": 60", "", "checks[4].messages")]
    [InlineData("\"withinMs\": 2", "\"withinMs\": 2, \"field\": \"load_t\"", "checks[4].field")]
    [InlineData("\"effect\": \"implausible\"", "\"effect\": \"offline\"", "checks[5].effect")]
    [InlineData("\"zh\": \"题\", ", "", "checks[5].title.zh")]
    [InlineData("\"clockSkewSecondsMax\": 30", "\"clockSkewSecondsMax\": 0.5", "clockSkewSecondsMax")]
    public void A_fault_refuses_the_profile_and_names_its_place(string good, string bad, string place)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Assert.Null(Read(Good.Replace(good, bad, StringComparison.Ordinal), out var problems));
        Assert.True(problems.Any(p => p.Place == place), $"expected a problem at {place}, saw {string.Join("; ", problems)}");
    }

    private static WireProfile? Read(string json, out IReadOnlyList<Problem> problems)
    {
        var all = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(json), all);
        problems = all.Items;
        return profile;
    }
}
