using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class BoxMappingTests
{
    [Theory]
    [InlineData("""{"version":"V02"}""", """{"field":"load_t","item":"load"}""", "goyo.version")]
    [InlineData("""{"version":"V01"}""", """{"field":"load_t","item":"speed"}""", "fields[0].item")]
    [InlineData("""{"version":"V01"}""", """{"field":"moment_pct","item":"moment_pct"}""", "goyo")]
    [InlineData("""{"version":"V01","levels":[]}""", """{"field":"load_t","item":"load"}""", "goyo.levels")]
    [InlineData("""{"version":"V01","alarms":[{"item":"alarm_bits","bits":{"0":"wind"}}]}""", """{"field":"load_t","item":"load"}""", "goyo.alarms[0].into")]
    [InlineData("""{"version":"V01","alarms":[{"item":"alarm_bits","bits":{"64":"wind","1":"storm"}}]}""", """{"field":"load_t","item":"load"},{"field":"alarm_bits","type":"integer"}""", "goyo.alarms[0].bits.64")]
    [InlineData("""{"version":"V01"}""", """{"field":"load_t","item":"load","last":4}""", "fields[0].last")]
    public void What_is_wrong_in_a_profile_is_said_with_its_place(string goyo, string fields, string place)
    {
        var problems = new Problems();
        string text = $$"""{"id":"x","kind":"crane","title":{"zh":"x","en":"x"},"goyo":{{goyo}},"fields":[{{fields}}]}""";
        Assert.Null(WireProfileReader.Read("x.json", Encoding.UTF8.GetBytes(text), problems));
        Assert.Contains(problems.Items, p => p.ToString().Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public void An_item_outside_a_black_boxs_profile_is_refused()
    {
        var problems = new Problems();
        WireProfileReader.Read("x.json", """{"id":"x","kind":"crane","title":{"zh":"x","en":"x"},"fields":[{"field":"load_t","item":"load"}]}"""u8.ToArray(), problems);
        Assert.Contains("fields[0].item", Assert.Single(problems.Items).ToString(), StringComparison.Ordinal);
    }
}
