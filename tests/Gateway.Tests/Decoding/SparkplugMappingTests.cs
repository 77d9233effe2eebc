using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class SparkplugMappingTests
{
    [Fact]
    public void A_profile_names_its_metrics_with_scale_and_offset()
    {
        var mapping = Read("""
            { "id": "p", "kind": "crane", "title": "t", "fields": [
              { "field": "a", "json": "a" },
              { "field": "load_t", "sparkplug": "Hook/Load kg", "scale": 0.001, "offset": -0.5 },
              { "field": "wind_mps", "sparkplug": "风速" } ] }
            """)!.Sparkplug!;

        Assert.Equal(["Hook/Load kg", "风速"], mapping.Fields.Select(f => Encoding.UTF8.GetString(f.Metric)));
        Assert.Equal((1, 0.001, -0.5), (mapping.Fields[0].Slot, mapping.Fields[0].Scale, mapping.Fields[0].Offset));
        Assert.Equal(2, mapping.Fields[1].Slot);
    }

    [Fact]
    public void A_metric_is_found_by_its_whole_name_wherever_it_was_expected()
    {
        var mapping = new SparkplugMapping([new SparkplugField("a"u8.ToArray(), 0, 1, 0), new SparkplugField("a/b"u8.ToArray(), 1, 1, 0)]);
        for (int expected = -1; expected < 4; expected++)
            Assert.Equal((0, 1, -1, -1), (mapping.Find("a"u8, expected), mapping.Find("a/b"u8, expected), mapping.Find("A"u8, expected), mapping.Find(""u8, expected)));
    }

    [Fact]
    public void A_profile_without_metrics_says_nothing_about_Sparkplug() =>
        Assert.Null(Read("""{ "id": "p", "kind": "crane", "title": "t", "fields": [ { "field": "a", "json": "a" } ] }""")!.Sparkplug);

    private static WireProfile? Read(string json)
    {
        var problems = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(json), problems);
        Assert.Empty(problems.Items);
        return profile;
    }
}
