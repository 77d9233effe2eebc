using System.Text;
using System.Text.Json.Nodes;
using Gateway.Domain.Readings;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Readings;

public sealed class AlarmBitsTests
{
    [Fact]
    public void The_table_of_the_format_document_is_the_numbering()
    {
        var rows = Encoding.UTF8.GetString(Repository.Read("src/Gateway.Service/profiles/FORMAT.md")).Split('\n')
            .SkipWhile(l => !l.StartsWith("| bit |", StringComparison.Ordinal)).TakeWhile(l => l.StartsWith('|'))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        string[] kinds = rows[0][1..];
        var documented = rows[2..].SelectMany(r => kinds.Zip(r[1..], (kind, word) => (kind, Word: word.Trim('`'), Bit: int.Parse(r[0], System.Globalization.CultureInfo.InvariantCulture)))).Where(e => e.Word.Length > 0).ToList();

        Assert.Equal(AlarmBits.ByKind.Keys.Order(StringComparer.Ordinal), kinds.Order(StringComparer.Ordinal));
        Assert.All(documented, e => Assert.Equal(e.Bit, AlarmBits.Find(e.kind, e.Word)));
        Assert.Equal(AlarmBits.ByKind.Values.Sum(words => words.Count + 2), documented.Count);
    }

    [Theory]
    [InlineData("crane", "load", 0)]
    [InlineData("crane", "collision", 4)]
    [InlineData("hoist", "anti-fall", 3)]
    [InlineData("hoist", "sensor", 30)]
    [InlineData("mixer", "other", 31)]
    [InlineData("mixer", "0", 0)]
    [InlineData("mixer", "29", 29)]
    [InlineData("mixer", "30", null)]
    [InlineData("mixer", "-1", null)]
    [InlineData("mixer", "load", null)]
    [InlineData("crane", "0", null)]
    [InlineData("crane", "anti-fall", null)]
    [InlineData("crane", "", null)]
    public void A_word_is_a_bit_of_its_kind_of_machine(string kind, string word, int? bit) => Assert.Equal(bit, AlarmBits.Find(kind, word));

    [Fact]
    public void Every_bit_that_a_built_in_rule_judges_has_a_word()
    {
        var rules = Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => JsonNode.Parse(f.Utf8.Span)!["rules"]!.AsArray()).Where(r => (string?)r!["evaluator"] == "bit").ToList();
        Assert.NotEmpty(rules);
        foreach (var rule in rules)
            foreach (var kind in rule!["kinds"]!.AsArray())
                Assert.Contains(AlarmBits.ByKind[(string)kind!], word => AlarmBits.Find((string)kind!, word) == (int)rule["bit"]!);
    }
}
