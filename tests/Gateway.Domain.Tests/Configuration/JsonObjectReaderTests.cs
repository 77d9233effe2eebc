using System.Text;
using Gateway.Domain.Configuration;
using Xunit;

namespace Gateway.Domain.Tests.Configuration;

public sealed class JsonObjectReaderTests
{
    [Fact]
    public void Comments_trailing_commas_and_nulls_are_allowed_in_an_operators_file()
    {
        var (o, problems) = Read("{ // why\n \"a\": 1, \"b\": null, }");
        Assert.Equal((1, null), (o.IntegerOrNull("a", 0, 9), o.TextOrNull("b")));
        o.Done();
        Assert.False(problems.Any);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("10")]
    [InlineData("1e99")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    public void A_number_out_of_its_range_or_of_another_type_says_what_was_seen(string value)
    {
        var (o, problems) = Read($"{{ \"n\": {value} }}");
        Assert.Null(o.IntegerOrNull("n", 0, 9));
        Assert.Equal($"f.json: n: expected a whole number from 0 to 9, saw {value}", Assert.Single(problems.Items).ToString());
    }

    [Fact]
    public void Spellings_are_one_text_or_several_and_a_map_tells_its_keys()
    {
        var (o, problems) = Read("""{ "one": "x", "many": ["x", "y"], "bad": ["x", 7], "worse": 7, "map": { "b": 1, "a": 2 } }""");
        Assert.Equal([], o.TextOrTexts("none"));
        Assert.Equal(["x"], o.TextOrTexts("one"));
        Assert.Equal(["x", "y"], o.TextOrTexts("many"));
        Assert.Equal(["b", "a"], o.ObjectOrNull("map")!.Keys());
        Assert.Empty(problems.Items);
        Assert.Equal([], o.TextOrTexts("bad"));
        Assert.Equal([], o.TextOrTexts("worse"));
        Assert.Equal(["bad", "worse"], problems.Items.Select(p => p.Place));
    }

    [Fact]
    public void A_text_may_be_one_for_both_languages_or_one_for_each()
    {
        var (o, problems) = Read("""{ "both": "x", "each": { "zh": "中", "en": "e" }, "half": { "zh": "中" } }""");
        Assert.Equal(new LocalText("x", "x"), o.LocalText("both"));
        Assert.Equal(new LocalText("中", "e"), o.LocalText("each"));
        o.LocalText("half");
        Assert.Equal("half.en", Assert.Single(problems.Items).Place);
    }

    [Fact]
    public void An_item_that_is_no_object_is_named_by_its_index()
    {
        var (o, problems) = Read("""{ "list": [ {}, 3 ], "texts": [ "a", 1 ] }""");
        _ = o.Objects("list").ToList();
        Assert.Empty(o.Texts("texts"));
        Assert.Equal(["list[1]", "texts"], problems.Items.Select(p => p.Place));
    }

    private static (JsonObjectReader, Problems) Read(string json)
    {
        var problems = new Problems();
        return (JsonObjectReader.Parse("f.json", Encoding.UTF8.GetBytes(json), problems)!, problems);
    }
}
