using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class WireProfileReaderTests
{
    private const string Good = """
        {
          "id": "p", "kind": "crane", "title": "t", "notes": { "zh": "注", "en": "note" },
          "json": {
            "serial": "data.sn", "message": { "member": "type", "values": { "a": "measurement", "*": "event" }, "absent": "heartbeat" },
            "endings": { "up": "measurement" }, "date": "d", "time": ["t", "u"], "timeFormat": "text", "quotedNumbers": true,
            "alarms": [
              { "member": "w", "word": "bit-string", "bits": { "0": "wind" } },
              { "member": "c", "codes": { "0": "none", "1": "load" }, "action": { "member": "a", "raised": "1", "cleared": "0" } }
            ]
          },
          "fields": [
            { "field": "alarm_bits", "type": "integer" },
            { "field": "v", "json": ["v", "list[0].v"], "values": { "Y": 1 } },
            { "field": "b", "type": "integer", "json": "w", "word": "bit-string", "bit": 3 },
            { "field": "who", "type": "text", "json": "who", "last": 6, "nothing": "255" }
          ]
        }
        """;

    [Theory]
    [InlineData("", 600, null)]
    [InlineData("\"quality\": {},", 600, null)]
    [InlineData("\"quality\": { \"slotSeconds\": 900 },", 900, null)]
    [InlineData("\"quality\": { \"slotSeconds\": 59 },", 0, "quality.slotSeconds")]
    [InlineData("\"quality\": { \"slotSeconds\": 86401 },", 0, "quality.slotSeconds")]
    [InlineData("\"quality\": { \"slots\": 10 },", 0, "slots")]
    public void Data_are_counted_in_slots_of_the_length_the_profile_says(string member, int seconds, string? problem)
    {
        var problems = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(Good.Replace("\"title\": \"t\",", $"\"title\": \"t\", {member}", StringComparison.Ordinal)), problems);
        if (problem is null) Assert.Equal(seconds, profile!.Device.QualitySlotSeconds);
        else Assert.Contains(problem, Assert.Single(problems.Items).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_built_in_profile_reads_without_a_problem()
    {
        var problems = new Problems();
        var catalog = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems);
        Assert.Empty(problems.Items);
        Assert.Equal(Repository.ReadAll("src/Gateway.Service/profiles", ".json").Select(f => Path.GetFileNameWithoutExtension(f.File)), catalog.All.Select(p => p.Device.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_profile_that_uses_everything_reads_without_a_problem()
    {
        var profile = Read(Good, out var problems);
        Assert.Empty(problems);
        Assert.NotNull(profile!.Json!.Form);
        Assert.True(profile.IsVendorForm);
        Assert.Equal("注", profile.Notes!.Zh);
    }

    [Fact]
    public void A_profile_of_plain_members_has_no_form_and_is_read_the_short_way()
    {
        var profile = Read("""{ "id": "p", "kind": "crane", "title": "t", "json": { "time": "ts", "timeFormat": "unix-s" }, "fields": [ { "field": "v", "json": "a.v", "scale": 0.1 } ] }""", out var problems);
        Assert.Empty(problems);
        Assert.Null(profile!.Json!.Form);
        Assert.False(profile.IsVendorForm);
    }

    [Theory]
    [InlineData("\"serial\": \"data.sn\"", "\"serial\": \"data[0].sn\"", "json.serial")]
    [InlineData("\"serial\": \"data.sn\"", "\"seriel\": \"data.sn\"", "json.seriel")]
    [InlineData("\"member\": \"type\", ", "", "json.message.member")]
    [InlineData("\"a\": \"measurement\"", "\"a\": \"telemetry\"", "json.message.values.a")]
    [InlineData("{ \"a\": \"measurement\", \"*\": \"event\" }", "{}", "json.message.values")]
    [InlineData("\"absent\": \"heartbeat\"", "\"absent\": 3", "json.message.absent")]
    [InlineData("\"up\": \"measurement\"", "\"up/x\": \"measurement\"", "json.endings.up/x")]
    [InlineData("\"up\": \"measurement\"", "\"telemetry\": \"event\"", "json.endings.telemetry")]
    [InlineData("\"timeFormat\": \"text\"", "\"timeFormat\": \"iso\"", "json.timeFormat")]
    [InlineData("\"timeFormat\": \"text\", ", "", "json.timeFormat")]
    [InlineData("\"time\": [\"t\", \"u\"], ", "", "json.time")]
    [InlineData("\"time\": [\"t\", \"u\"]", "\"time\": [\"t\", 7]", "json.time")]
    [InlineData("\"quotedNumbers\": true", "\"quotedNumbers\": \"yes\"", "json.quotedNumbers")]
    [InlineData("\"member\": \"w\", ", "", "json.alarms[0].member")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"gale\" }", "json.alarms[0].bits.0")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"64\": \"wind\" }", "json.alarms[0].bits.64")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"none\" }", "json.alarms[0].bits.0")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": {}", "json.alarms[0].bits")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"codes\": { \"0\": \"wind\" }", "json.alarms[0].word")]
    [InlineData(", \"bits\": { \"0\": \"wind\" }", "", "json.alarms[0].bits")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"wind\" }, \"codes\": { \"0\": \"wind\" }", "json.alarms[0].bits")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"wind\" }, \"action\": { \"member\": \"a\", \"raised\": \"1\", \"cleared\": \"0\" }", "json.alarms[0].action")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"wind\" }, \"into\": \"v\"", "json.alarms[0].into")]
    [InlineData("\"bits\": { \"0\": \"wind\" }", "\"bits\": { \"0\": \"wind\" }, \"into\": \"warn_bits\"", "json.alarms[0].into")]
    [InlineData("\"word\": \"bit-string\", \"bits\"", "\"word\": \"hex\", \"bits\"", "json.alarms[0].word")]
    [InlineData("\"cleared\": \"0\"", "\"cleared\": \"1\"", "json.alarms[1].action.cleared")]
    [InlineData("\"raised\": \"1\", ", "", "json.alarms[1].action.raised")]
    [InlineData("\"word\": \"bit-string\", \"bits\": { \"0\": \"wind\" }", "\"codes\": { \"0\": \"wind\" }, \"action\": { \"member\": \"b\", \"raised\": \"1\", \"cleared\": \"0\" }", "json.alarms[1].action")]
    [InlineData("\"list[0].v\"", "\"list[x].v\"", "fields[1].json")]
    [InlineData("\"list[0].v\"", "\"list[0]v\"", "fields[1].json")]
    [InlineData("\"list[0].v\"", "\"list[0.v\"", "fields[1].json")]
    [InlineData("\"list[0].v\"", "\"list[00].v\"", "fields[1].json")]
    [InlineData("\"list[0].v\"", "\"[0].v\"", "fields[1].json")]
    [InlineData("\"who\", \"last\"", "\"list[].who\", \"last\"", "fields[3].json")]
    [InlineData("\"values\": { \"Y\": 1 }", "\"values\": { \"Y\": \"1\" }", "fields[1].values.Y")]
    [InlineData("\"values\": { \"Y\": 1 }", "\"values\": {}", "fields[1].values")]
    [InlineData("\"values\": { \"Y\": 1 }", "\"values\": { \"Y\": 1 }, \"bit\": 2", "fields[1].values")]
    [InlineData("\"values\": { \"Y\": 1 }", "\"last\": 2", "fields[1].last")]
    [InlineData("\"bit\": 3", "\"bit\": 64", "fields[2].bit")]
    [InlineData("\"json\": \"w\", \"word\"", "\"word\"", "fields[2].json")]
    [InlineData("\"last\": 6", "\"last\": 0", "fields[3].last")]
    [InlineData("\"last\": 6", "\"values\": { \"7\": 7 }", "fields[3].type")]
    public void A_fault_refuses_the_profile_and_names_its_place(string good, string bad, string place)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Assert.Null(Read(Good.Replace(good, bad, StringComparison.Ordinal), out var problems));
        Assert.True(problems.Any(p => p.Place == place), $"expected a problem at {place}, saw {string.Join("; ", problems)}");
    }

    [Fact]
    public void A_refused_alarm_word_is_told_with_the_words_there_are()
    {
        Read(Good.Replace("\"1\": \"load\"", "\"1\": \"lode\"", StringComparison.Ordinal), out var problems);
        Assert.Contains("expected one of load, moment, wind, tilt, collision, zone, limit-up", Assert.Single(problems).Text, StringComparison.Ordinal);
        Read(Good.Replace("\"kind\": \"crane\"", "\"kind\": \"mixer\"", StringComparison.Ordinal), out problems);
        Assert.Contains(problems, p => p.Text.StartsWith("expected one of a bit 0 to 29, sensor, other, none, saw \"load\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kind_without_words_of_its_own_names_its_bits_by_number()
    {
        Read(Good.Replace("\"kind\": \"crane\"", "\"kind\": \"mixer\"", StringComparison.Ordinal).Replace("\"wind\"", "\"29\"", StringComparison.Ordinal).Replace("\"load\"", "\"0\"", StringComparison.Ordinal), out var problems);
        Assert.Empty(problems);
        Read(Good.Replace("\"kind\": \"crane\"", "\"kind\": \"mixer\"", StringComparison.Ordinal).Replace("\"wind\"", "\"30\"", StringComparison.Ordinal).Replace("\"load\"", "\"sensor\"", StringComparison.Ordinal), out problems);
        Assert.Equal("json.alarms[0].bits.0", Assert.Single(problems).Place);
    }

    [Fact]
    public void More_codes_than_there_is_room_for_are_refused()
    {
        string codes = string.Join(", ", Enumerable.Range(0, 64).Select(c => $"\"{c}\": \"load\""));
        Read(Good.Replace("\"0\": \"none\", \"1\": \"load\"", codes, StringComparison.Ordinal), out var problems);
        Assert.Equal("json.alarms[1].codes", Assert.Single(problems).Place);
    }

    private static WireProfile? Read(string json, out IReadOnlyList<Problem> problems)
    {
        var all = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(json), all);
        problems = all.Items;
        return profile;
    }
}
