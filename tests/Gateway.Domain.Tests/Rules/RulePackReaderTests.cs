using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Rules;

public sealed class RulePackReaderTests
{
    [Fact]
    public void Every_built_in_pack_reads_without_a_problem_and_no_rule_stands_twice()
    {
        var problems = new Problems();
        var rules = Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, problems)).ToList();

        Assert.Empty(problems.Items);
        Assert.NotEmpty(rules);
        Assert.Equal(rules.Count, rules.Select(r => r.Id).Distinct().Count());
        Assert.All(rules, r => Assert.False(r.Title.Zh.Length == 0 || r.Title.En.Length == 0 || r.Advice.Zh.Length == 0, r.Id));
    }

    [Fact]
    public void A_threshold_is_read_whole()
    {
        var problems = new Problems();
        var rule = Assert.Single(Read("""
            { "pack": "crane", "version": "2", "rules": [
              { "id": "wind", "kinds": ["crane"], "safetyOnly": true, "severity": "critical", "title": "风", "advice": { "zh": "停", "en": "stop" }, "source": "GB 5144",
                "evaluator": "threshold", "field": "wind_mps", "above": 13.8, "deadband": 1.5, "onDelaySeconds": 0.5, "offDelaySeconds": 60 } ] }
            """, problems));

        Assert.Empty(problems.Items);
        Assert.Equal(new ThresholdEvaluator("wind_mps", 13.8, null, 1.5, 500, 60_000), rule.Evaluator);
        Assert.Equal(("wind", "crane", "2", true, Severity.Critical, "停", "stop", "GB 5144"),
            (rule.Id, rule.Pack, rule.PackVersion, rule.SafetyOnly, rule.Severity, rule.Advice.Zh, rule.Advice.En, rule.Source));
    }

    [Fact]
    public void All_errors_of_a_pack_are_said_at_once_each_with_its_place()
    {
        var problems = new Problems();
        Read("""
            { "pack": "no spaces!", "rules": [
              { "id": "a", "severity": "deadly", "title": "t", "advice": "a", "evaluator": "threshold", "field": "f", "above": 1, "below": 0 },
              { "id": "b", "severity": "low", "title": "t", "advice": "a", "evaluator": "bit", "field": "f", "bit": 77 },
              { "id": "c", "severity": "low", "title": "t", "advice": "a", "evaluator": "guess" },
              { "id": "d", "severity": "low", "title": "t", "evaluator": "threshold", "above": "1", "deadbnd": 2 },
              { "id": "e", "severity": "low", "title": "t", "advice": "a", "evaluator": "event", "any": [ { "field": "f" } ] } ] }
            """, problems);

        Assert.Equal(
            [
                "pack", "rules[0].above", "rules[0].severity", "rules[1].bit", "rules[2].evaluator", "rules[3].above", "rules[3].advice", "rules[3].deadbnd", "rules[3].field",
                "rules[4].any[0].above", "version",
            ],
            problems.Items.Select(p => p.Place).Distinct().Order(StringComparer.Ordinal));
        Assert.All(problems.Items, p => Assert.Equal("pack.json", p.File));
    }

    [Fact]
    public void What_is_no_json_is_said_with_line_and_column()
    {
        var problems = new Problems();
        Assert.Empty(Read("{ \"pack\": \"a\",\n  oops }", problems));
        Assert.StartsWith("pack.json: line 2, column ", Assert.Single(problems.Items).ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<Rule> Read(string json, Problems problems) => RulePackReader.Read("pack.json", Encoding.UTF8.GetBytes(json), problems);
}
