using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Tests.Decoding.Forms;

public sealed class FormMechanismTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private readonly TextTable _texts = new();
    private readonly DecodedMessage _message = new();

    [Fact]
    public void A_number_as_a_text_is_a_number_where_the_profile_says_so()
    {
        var route = Route("""{ "quotedNumbers": true }""", """{ "field": "v", "json": "v" }, { "field": "w", "type": "integer", "json": "w", "scale": 2 }""");
        Assert.Equal("v=12.5,w=14i", Read(route, """{"v":" 12.50 ","w":"7"}"""));
        Assert.Equal("v=1.50,bad_fields=1i", Read(route, """{"v":1.50,"w":"seven"}"""));
        Assert.Equal("bad_fields=1i", Read(route, """{"v":"NaN"}"""));
        Assert.Equal("bad_fields=1i", Read(route, """{"v":"12.5 t"}"""));
        Assert.Equal("w=0i", Read(route, """{"v":"","w":"0"}"""));
    }

    [Fact]
    public void Texts_stand_for_numbers_and_any_other_text_is_bad()
    {
        var route = Route("{}", """{ "field": "on", "type": "integer", "json": "on", "values": { "Y": 1, "N": 0, "true": 1, "7": 7 } }""");
        Assert.Equal("on=1i", Read(route, """{"on":"Y"}"""));
        Assert.Equal("on=0i", Read(route, """{"on":"N"}"""));
        Assert.Equal("on=1i", Read(route, """{"on":true}"""));
        Assert.Equal("on=7i", Read(route, """{"on":7}"""));
        Assert.Equal("bad_fields=1i", Read(route, """{"on":"y"}"""));
        Assert.Equal("bad_fields=1i", Read(route, """{"on":1}"""));
    }

    [Fact]
    public void What_means_nothing_is_no_value_and_nobody()
    {
        var route = Route("{}", """{ "field": "v", "json": "v", "nothing": ["65535", "-"] }, { "field": "operator", "type": "text", "json": "who", "nothing": "255" }, { "field": "w", "json": "w" }""");
        Assert.Equal("operator=\"\",w=1", Read(route, """{"v":65535,"who":255,"w":1}"""));
        Assert.Equal("operator=\"254\",w=1", Read(route, """{"v":"-","who":"254","w":1}"""));
        Assert.Equal("v=3", Read(route, """{"v":3,"who":null}"""));
    }

    [Fact]
    public void The_last_characters_of_a_text_are_characters_not_bytes()
    {
        var route = Route("{}", """{ "field": "operator", "type": "text", "json": "who", "last": 3 }""");
        Assert.Equal("operator=\"01X\"", Read(route, """{"who":"33020319900101001X"}"""));
        Assert.Equal("operator=\"张师傅\"", Read(route, """{"who":"示范张师\u5085"}"""));
        Assert.Equal("operator=\"7\"", Read(route, """{"who":7}"""));
    }

    [Fact]
    public void Of_several_members_the_one_furthest_from_zero_counts()
    {
        var route = Route("{}", """{ "field": "x", "json": "x" }, { "field": "y", "json": "y" }, { "field": "tilt", "json": ["x", "y"], "largest": true, "min": -5, "max": 5 }""");
        Assert.Equal("x=0.1,y=-0.3,tilt=-0.3", Read(route, """{"x":0.1,"y":-0.3}"""));
        Assert.Equal("y=0.2,tilt=0.2", Read(route, """{"y":0.2}"""));
        Assert.Equal("x=9,bad_fields=1i", Read(route, """{"x":9}"""));
        Assert.Equal("bad_fields=2i", Read(route, """{"x":"a"}"""));
    }

    [Fact]
    public void A_member_has_spellings_and_serves_several_fields()
    {
        var route = Route("{}", """{ "field": "a", "json": ["load", "Load"] }, { "field": "b", "json": "load", "scale": 10 }""");
        Assert.Equal("a=2,b=20", Read(route, """{"load":2}"""));
        Assert.Equal("a=3", Read(route, """{"Load":3}"""));
    }

    [Fact]
    public void A_bit_of_a_word_becomes_a_field()
    {
        var route = Route("{}", """
            { "field": "raw", "type": "integer", "json": "s", "word": "bit-string" }, { "field": "low", "type": "integer", "json": "s", "word": "bit-string", "bit": 0 },
            { "field": "high", "type": "integer", "json": "s", "word": "bit-string", "bit": 3 }, { "field": "n", "type": "integer", "json": "n", "bit": 4 }
            """);
        Assert.Equal("raw=8i,low=0i,high=1i,n=1i", Read(route, """{"s":"1000","n":16}"""));
        Assert.Equal("raw=1i,low=1i,high=0i,n=0i", Read(route, """{"s":"00000000000000000000000000000001","n":"15"}"""));
        Assert.Equal("bad_fields=4i", Read(route, """{"s":"1002","n":-1}"""));
        Assert.Equal("bad_fields=3i", Read(route, $$"""{"s":"{{new string('1', 65)}}"}"""));
    }

    [Fact]
    public void Elements_of_arrays_are_found_by_their_place()
    {
        var route = Route("{}", """{ "field": "a", "json": "list[0].v" }, { "field": "b", "json": "list[2].v" }, { "field": "c", "json": "m[1][0]" }""");
        Assert.Equal("a=1,b=3,c=7", Read(route, """{"list":[{"v":1},{"v":2,"x":[{"v":9}]},{"v":3}],"other":[{"v":5}],"m":[[5],[7,8]]}"""));
        Assert.Equal("a=1", Read(route, """{"list":[{"v":1}],"m":[]}"""));
        Assert.Equal(DecodeOutcome.NoKnownField, Decode(route, """{"list":{"v":1},"m":3}"""));
    }

    [Theory]
    [InlineData("2026-03-05 10:00:00")]
    [InlineData("2026/3/5 10:00")]
    [InlineData("2026.03.05 10:00:00")]
    [InlineData("20260305100000")]
    [InlineData("202603051000")]
    [InlineData("2026-03-05T10:00:00")]
    [InlineData("2026-03-05T10:00:00.000+08:00")]
    [InlineData("2026-03-05T02:00:00Z")]
    [InlineData("2026-03-04T21:30:00.0000000-0430")]
    public void Civil_time_is_read_in_the_sites_zone(string text)
    {
        Decode(Timed("""{ "time": "t", "timeFormat": "text" }"""), $$"""{"t":"{{text}}","v":1}""");
        Assert.Equal(1_772_676_000_000, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData("20260305100000123")]
    [InlineData("2026-03-05 10:00:00.123")]
    [InlineData("2026-03-05 10:00:00,1239")]
    public void Milliseconds_are_kept(string text)
    {
        Decode(Timed("""{ "time": "t", "timeFormat": "text" }"""), $$"""{"t":"{{text}}","v":1}""");
        Assert.Equal(1_772_676_000_123, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-05")]
    [InlineData("10:00:00")]
    [InlineData("2026-02-30 10:00:00")]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("2026-03-05 24:00:00")]
    [InlineData("2026-03-05 10:60:00")]
    [InlineData("05/03/2026 10:00:00")]
    [InlineData("2026-03-05 10:00:00 soon")]
    [InlineData("2026-03-05 10:00:00.")]
    [InlineData("2026-03-05 10:00:00+15:00")]
    [InlineData("2199-03-05 10:00:00")]
    [InlineData("1772676000000")]
    public void What_is_no_civil_time_is_none_and_the_rest_is_kept(string text)
    {
        Assert.Equal("v=1", Read(Timed("""{ "time": "t", "timeFormat": "text" }"""), $$"""{"t":"{{text}}","v":1}"""));
        Assert.Equal(0, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData("""{"Date":"2026-03-05","Time":"10:00:00","v":1}""")]
    [InlineData("""{"Time":"100000","v":1,"Date":"20260305"}""")]
    [InlineData("""{"Time":"2026-03-05 10:00:00","v":1}""")]
    public void Day_and_time_of_day_may_stand_apart(string json)
    {
        Decode(Timed("""{ "date": "Date", "time": "Time", "timeFormat": "text" }"""), json);
        Assert.Equal(1_772_676_000_000, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData("""{"Date":"2026-03-05","v":1}""")]
    [InlineData("""{"Time":"10:00:00","v":1}""")]
    [InlineData("""{"Date":"2026-13-05","Time":"10:00:00","v":1}""")]
    public void Half_a_time_is_none(string json)
    {
        Decode(Timed("""{ "date": "Date", "time": "Time", "timeFormat": "text" }"""), json);
        Assert.Equal(0, _message.MeasuredAtMs);
    }

    [Fact]
    public void A_day_of_one_message_is_not_carried_into_the_next()
    {
        var route = Timed("""{ "date": "Date", "time": "Time", "timeFormat": "text" }""");
        var decoder = new JsonDecoder(_texts);
        decoder.Decode(route, """{"Date":"2026-03-05","Time":"10:00:00","v":1}"""u8, _message);
        decoder.Decode(route, """{"Time":"10:00:01","v":1}"""u8, _message);
        Assert.Equal(0, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData("""{ "time": ["a", "b"], "timeFormat": "unix-s" }""", """{"b":1772676000,"v":1}""", 1_772_676_000_000)]
    [InlineData("""{ "time": "a", "quotedNumbers": true }""", """{"a":"1772676000123","v":1}""", 1_772_676_000_123)]
    [InlineData("""{ "time": ["a", "b"] }""", """{"a":"1772676000123","v":1}""", 0)]
    [InlineData("""{ "time": ["a", "b"] }""", """{"a":-5,"v":1}""", 0)]
    [InlineData("""{ "time": ["a", "b"], "timeFormat": "unix-s" }""", """{"a":4102444800,"v":1}""", 0)]
    public void Counts_since_1970_may_be_spelt_and_quoted(string json, string payload, long expected)
    {
        Decode(Timed(json), payload);
        Assert.Equal(expected, _message.MeasuredAtMs);
    }

    private static DeviceRoute Timed(string json) => Route(json, """{ "field": "v", "json": "v" }""");

    private string Read(DeviceRoute route, string payload)
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode(route, payload));
        return Encoding.UTF8.GetString(_message.Fields);
    }

    private DecodeOutcome Decode(DeviceRoute route, string payload) => new JsonDecoder(_texts).Decode(route, Encoding.UTF8.GetBytes(payload), _message);

    private static DeviceRoute Route(string json, string fields)
    {
        var problems = new Problems();
        string text = $$"""{ "id": "p", "kind": "crane", "title": "t", "json": {{json}}, "fields": [ {{fields}} ] }""";
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(text), problems);
        Assert.Empty(problems.Items);
        return new DeviceRoute(0, "c1", "s1", null, profile!, Shanghai);
    }
}
