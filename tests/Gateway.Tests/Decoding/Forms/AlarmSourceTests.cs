using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Tests.Decoding.Forms;

public sealed class AlarmSourceTests
{
    private const string Codes = """{ "member": "type", "codes": { "11": "limit-left", "21": "collision", "22": "collision", "51": "load" }, "action": { "member": "action", "raised": "1", "cleared": "0" } }""";

    private readonly DecodedMessage _message = new();

    [Fact]
    public void Bits_of_an_integer_are_renumbered_and_those_not_listed_are_not_judged()
    {
        var route = Route("""{ "member": "w", "bits": { "0": "wind", "1": "load", "31": "tilt" } }""");
        Assert.Equal("wind", Say(route, """{"w":1}"""));
        Assert.Equal("load tilt", Say(route, """{"w":2147483650}"""));
        Assert.Equal("-", Say(route, """{"w":"4"}"""));
        Assert.Null(Say(route, """{"v":1}"""));
    }

    [Fact]
    public void A_word_that_cannot_be_read_is_bad_and_changes_nothing()
    {
        var route = Route("""{ "member": "w", "bits": { "0": "wind", "1": "load" } }""");
        Assert.Equal("load", Say(route, """{"w":2}"""));
        foreach (string lie in new[] { "-1", "1.5", "\"0x1\"", "18446744073709551616", "true" })
        {
            Assert.Null(Say(route, $$"""{"w":{{lie}},"v":1}"""));
            Assert.Contains(_message.Samples.ToArray(), s => s.Quality == SampleQuality.Bad);
        }
        Assert.Equal("load", Words(route.Alarms.Say(0, 0, 0, 0, 0)));
    }

    [Fact]
    public void Flags_of_their_own_members_make_one_word_and_a_message_changes_only_what_it_speaks_of()
    {
        var route = Route("""{ "member": "a", "codes": { "0": "none", "1": "load" } }, { "member": "b", "codes": { "N": "none", "Y": "wind" } }, { "member": "c", "codes": { "false": "none", "true": "wind" } }""");
        Assert.Equal("load wind", Say(route, """{"a":"1","b":"Y"}"""));
        Assert.Equal("wind", Say(route, """{"a":0}"""));
        Assert.Equal("wind", Say(route, """{"c":true,"b":"N"}"""));
        Assert.Equal("wind other", Say(route, """{"a":"2"}"""));
        Assert.Equal("-", Say(route, """{"a":"0","b":"N","c":false}"""));
        Assert.Null(Say(route, """{"a":"","b":null,"v":1}"""));
    }

    [Fact]
    public void A_list_names_what_stands_and_an_empty_one_denies_it_all()
    {
        var route = Route("""{ "member": "list[]", "codes": { "04": "load", "05": "collision" } }""");
        Assert.Equal("load collision", Say(route, """{"list":["04","05"]}"""));
        Assert.Equal("collision other", Say(route, """{"list":["05","99"]}"""));
        Assert.Null(Say(route, """{"v":1,"list":null}"""));
        Assert.Null(Say(route, """{"v":1,"list":"04"}"""));
        Assert.Equal("-", Say(route, """{"list":[]}"""));
    }

    [Fact]
    public void A_member_of_every_object_of_a_list_counts()
    {
        var route = Route("""{ "member": "ropes[].state", "codes": { "01": "none", "02": "tilt" } }""");
        Assert.Equal("tilt", Say(route, """{"ropes":[{"state":"01"},{"id":7,"state":"02"},{"state":"01"}]}"""));
        Assert.Equal("-", Say(route, """{"ropes":[{"state":"01"}]}"""));
    }

    [Fact]
    public void Early_warnings_go_into_a_word_of_their_own()
    {
        var route = Route("""{ "member": "s", "codes": { "0": "none", "1": "none", "2": "load" } }, { "member": "s", "into": "warn_bits", "codes": { "0": "none", "1": "load", "2": "none" } }""");
        Assert.Equal("-", Say(route, """{"s":1}"""));
        Assert.Equal("load", Words(Word("warn_bits")));
        Assert.Equal("load", Say(route, """{"s":2}"""));
        Assert.Equal("-", Words(Word("warn_bits")));
    }

    [Fact]
    public void A_code_comes_and_goes_by_itself_and_leaves_the_others_alone()
    {
        var route = Route(Codes);
        Assert.Equal("load", Say(route, """{"type":51,"action":1}"""));
        Assert.Equal("load limit-left", Say(route, """{"action":"1","type":"11"}"""));
        Assert.Equal("limit-left", Say(route, """{"type":51,"action":0}"""));
        Assert.Equal("limit-left", Say(route, """{"type":51,"action":0}"""));
        Assert.Equal("-", Say(route, """{"type":11,"action":0}"""));
    }

    [Fact]
    public void What_stands_by_codes_is_said_again_beside_a_good_value_and_only_there()
    {
        var route = Route(Codes);
        Assert.Null(Say(route, """{"v":1}"""));
        Say(route, """{"type":51,"action":1}""");
        Assert.Equal("load", Say(route, """{"v":1}"""));
        Assert.Null(Say(route, """{"v":"bad"}"""));
        Say(route, """{"type":51,"action":0}""");
        Assert.Equal("-", Say(route, """{"v":1}"""));
    }

    [Fact]
    public void Two_codes_of_one_bit_both_have_to_go_before_the_bit_does()
    {
        var route = Route(Codes);
        Say(route, """{"type":21,"action":1}""");
        Assert.Equal("collision", Say(route, """{"type":22,"action":1}"""));
        Assert.Equal("collision", Say(route, """{"type":21,"action":0}"""));
        Assert.Equal("-", Say(route, """{"type":22,"action":0}"""));
    }

    [Fact]
    public void A_code_that_nobody_listed_is_seen_as_other()
    {
        var route = Route(Codes);
        Assert.Equal("other", Say(route, """{"type":99,"action":1}"""));
        Assert.Equal("load other", Say(route, """{"type":51,"action":1}"""));
        Assert.Equal("load", Say(route, """{"type":98,"action":0}"""));
    }

    [Theory]
    [InlineData("""{"type":51,"v":1}""")]
    [InlineData("""{"type":51,"action":7,"v":1}""")]
    [InlineData("""{"type":51,"action":null,"v":1}""")]
    public void A_code_without_a_known_action_is_bad_and_changes_nothing(string payload)
    {
        var route = Route(Codes);
        Assert.Null(Say(route, payload));
        Assert.Contains(_message.Samples.ToArray(), s => s.Quality == SampleQuality.Bad);
        Assert.Equal("limit-left", Say(route, """{"type":11,"action":1}"""));
    }

    [Fact]
    public void An_action_without_a_code_says_nothing() => Assert.Null(Say(Route(Codes), """{"action":1,"v":1}"""));

    [Fact]
    public void Pairs_may_stand_in_the_objects_of_a_list()
    {
        var route = Route(Codes.Replace("\"type\"", "\"alarms[].type\"", StringComparison.Ordinal).Replace("\"member\": \"action\"", "\"member\": \"alarms[].action\"", StringComparison.Ordinal));
        Assert.Equal("load collision", Say(route, """{"alarms":[{"type":51,"action":1},{"action":1,"type":21},{"type":11,"action":0}]}"""));
        Assert.Equal("collision", Say(route, """{"alarms":[{"type":51,"action":0}]}"""));
        Assert.Equal("collision", Say(route, """{"alarms":[],"v":1}"""));
        Assert.Equal("collision limit-left", Say(route, """{"alarms":[{"type":11,"action":0},{"type":11,"action":1}]}"""));
    }

    [Fact]
    public void What_the_device_says_of_a_whole_bit_settles_the_codes_of_it()
    {
        var route = Route(Codes + """, { "member": "multi", "codes": { "0": "none", "1": "collision" } }""");
        Say(route, """{"type":51,"action":1}""");
        Say(route, """{"type":21,"action":1}""");
        Assert.Equal("load", Say(route, """{"multi":0}"""));
        Assert.Equal("load collision", Say(route, """{"multi":1}"""));
        Assert.Equal("load", Say(route, """{"type":22,"action":0}"""));
    }

    [Fact]
    public void A_message_that_turns_out_torn_changes_nothing()
    {
        var route = Route(Codes);
        Say(route, """{"type":11,"action":1}""");
        Assert.Equal(DecodeOutcome.NotJson, Decode(route, """{"type":51,"action":1,"v":"""));
        Assert.Equal(DecodeOutcome.NotJson, Decode(route, """{"type":51,"action":1}}"""));
        Assert.Equal("limit-left", Words(route.Alarms.Say(0, 0, 0, 0, 0)));
    }

    [Fact]
    public void A_bit_taken_up_after_a_restart_stands_until_a_code_of_it_goes()
    {
        var route = Route(Codes);
        route.Alarms.Restore(route.Profile.Device.SlotOf("alarm_bits"), 0);
        route.Alarms.Restore(route.Profile.Device.SlotOf("v"), 1);
        Assert.Equal("load limit-left", Say(route, """{"type":11,"action":1}"""));
        Assert.Equal("limit-left", Say(route, """{"type":51,"action":0}"""));
    }

    [Fact]
    public void The_word_stands_in_the_line_as_an_integer()
    {
        Decode(Route(Codes), """{"v":1,"type":51,"action":1}""");
        Assert.Equal("v=1,alarm_bits=1i", Encoding.UTF8.GetString(_message.Fields));
    }

    /// <summary>Words of <c>alarm_bits</c>, or null when the message says nothing of it that could be believed.</summary>
    private string? Say(DeviceRoute route, string payload)
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode(route, payload));
        var word = _message.Samples.ToArray().Where(s => s.Slot == 0 && s.Quality == SampleQuality.Good).ToList();
        return word.Count == 0 ? null : Words((long)Assert.Single(word).Value);
    }

    private long Word(string field) => (long)_message.Samples.ToArray().Single(s => s.Slot == (field == "alarm_bits" ? 0 : 1)).Value;

    private DecodeOutcome Decode(DeviceRoute route, string payload) => new JsonDecoder(new TextTable()).Decode(route, Encoding.UTF8.GetBytes(payload), _message);

    private static string Words(long bits)
    {
        var words = AlarmBits.ByKind["crane"].Append("sensor").Append("other").Where(w => (bits >> AlarmBits.Find("crane", w)!.Value & 1) != 0).ToList();
        return words.Count == 0 ? "-" : string.Join(' ', words);
    }

    private static DeviceRoute Route(string alarms)
    {
        var problems = new Problems();
        string text = $$"""
            { "id": "p", "kind": "crane", "title": "t", "json": { "alarms": [ {{alarms}} ] },
              "fields": [ { "field": "alarm_bits", "type": "integer" }, { "field": "warn_bits", "type": "integer" }, { "field": "v", "json": "v" } ] }
            """;
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(text), problems);
        Assert.Empty(problems.Items);
        return new DeviceRoute(0, "c1", "s1", null, profile!);
    }
}
