using System.Text;
using System.Text.Json;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Engine.Views;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class JsonDecoderTests
{
    private static readonly JsonSerializerOptions ViewOptions = new() { Converters = { new ValueViewJson() } };
    private readonly TestSite _site = new();
    private readonly DecodedMessage _message = new();

    [Fact]
    public void A_message_becomes_samples_and_a_line_with_its_own_digits()
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode("""{"ts":1772676000123,"seq":7,"load_t":1.50,"wind_mps":-0.0e0,"operator":"op-1"}"""));

        Assert.Equal(1_772_676_000_123, _message.MeasuredAtMs);
        Assert.Equal("seq=7i,load_t=1.50,wind_mps=-0.0e0,operator=\"op-1\"", Fields());
        Assert.Equal(4, _message.SampleCount);
        Assert.Equal(_site.Sample("c1", "load_t", 1.5), _message.Samples[1]);
        Assert.Equal("op-1", _site.Texts.TextOf((int)_message.Samples[3].Value));
    }

    [Theory]
    [InlineData("", DecodeOutcome.NotJson)]
    [InlineData("[1]", DecodeOutcome.NotAnObject)]
    [InlineData("7", DecodeOutcome.NotAnObject)]
    [InlineData("{}", DecodeOutcome.NoKnownField)]
    [InlineData("""{"ts":1,"other":2}""", DecodeOutcome.NoKnownField)]
    [InlineData("""{"load_t":null}""", DecodeOutcome.NoKnownField)]
    [InlineData("""{"load_t":[1]}""", DecodeOutcome.NoKnownField)]
    [InlineData("""{"load_t":1""", DecodeOutcome.NotJson)]
    [InlineData("""{"load_t":1,}""", DecodeOutcome.NotJson)]
    [InlineData("""{"load_t":1}{"load_t":2}""", DecodeOutcome.NotJson)]
    [InlineData("""{"load_t":01}""", DecodeOutcome.NotJson)]
    [InlineData("""{"load_t":NaN}""", DecodeOutcome.NotJson)]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""", DecodeOutcome.NotJson)]
    public void What_is_no_message_is_said_by_reason(string json, DecodeOutcome outcome) => Assert.Equal(outcome, Decode(json));

    [Fact]
    public void A_message_torn_anywhere_is_refused_and_harms_nobody()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""{"ts":1772676000123,"seq":7,"nested":{"a":[1,{"b":2}]},"load_t":1.50,"operator":"张\u5e08\"x"}""");
        for (int length = 0; length < whole.Length; length++)
            Assert.NotEqual(DecodeOutcome.Decoded, new JsonDecoder(_site.Texts).Decode(_site.Route("c1"), whole.AsSpan(0, length), _message));
        Assert.Equal(DecodeOutcome.Decoded, new JsonDecoder(_site.Texts).Decode(_site.Route("c1"), whole, _message));
    }

    [Fact]
    public void Noise_terminates_with_an_outcome()
    {
        var random = new Random(20_260_305);
        byte[] good = Encoding.UTF8.GetBytes("""{"ts":1772676000123,"seq":7,"load_t":1.50,"operator":"op-1","x":{"y":1}}""");
        var decoder = new JsonDecoder(_site.Texts);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 4); n > 0; n--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            decoder.Decode(_site.Route("c1"), bad, _message);
        }
        Assert.Equal(DecodeOutcome.Decoded, decoder.Decode(_site.Route("c1"), good, _message));
    }

    [Fact]
    public void A_text_in_another_encoding_is_refused_and_no_exception()
    {
        byte[] gb18030 = [.. """{"load_t":1,"operator":"op"""u8, 0xD5, 0xC5, .. "\"}"u8];
        Assert.Equal(DecodeOutcome.NotJson, new JsonDecoder(_site.Texts).Decode(_site.Route("c1"), gb18030, _message));
        Assert.Equal(DecodeOutcome.NotJson, Decode("""{"load_t":1,"operator":"\ud800"}"""));
    }

    [Fact]
    public void Unknown_members_of_any_shape_are_skipped_and_the_order_does_not_matter()
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode("""{"x":{"load_t":9,"y":[[],{}]},"wind_mps":2,"vendor":"v","load_t":1,"seq":3}"""));
        Assert.Equal("wind_mps=2,load_t=1,seq=3i", Fields());
    }

    [Fact]
    public void Nested_members_are_found_by_their_path_and_scaled()
    {
        var profile = Profile("""
            { "id": "p", "kind": "crane", "title": "t", "json": { "time": "head.t", "timeFormat": "unix-s" },
              "fields": [ { "field": "load_t", "json": "data.crane.load", "scale": 0.001 }, { "field": "up", "type": "integer", "json": "data.up" } ] }
            """);
        var route = new DeviceRoute(0, "c1", "s1", null, profile);

        Assert.Equal(DecodeOutcome.Decoded, new JsonDecoder(_site.Texts).Decode(route, """{"head":{"t":1772676000},"data":{"crane":{"load":1500,"x":1},"up":true},"load":7}"""u8, _message));
        Assert.Equal("load_t=1.5,up=1i", Fields());
        Assert.Equal(1_772_676_000_000, _message.MeasuredAtMs);
    }

    [Fact]
    public void A_value_out_of_range_is_kept_for_people_and_not_for_rules_or_the_store()
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode("""{"load_t":1e999,"moment_pct":301,"wind_mps":3}"""));
        Assert.Equal("wind_mps=3,bad_fields=2i", Fields());
        Assert.Equal([SampleQuality.OutOfRange, SampleQuality.OutOfRange, SampleQuality.Good], _message.Samples.ToArray().Select(s => s.Quality));
        Assert.True(_message.AnyGood);
        Decode("""{"load_t":-2}""");
        Assert.False(_message.AnyGood);
        Assert.Equal("bad_fields=1i", Fields());
    }

    [Fact]
    public void A_text_where_a_number_belongs_is_bad_and_does_not_change_the_fields_type()
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode("""{"load_t":"12.5","wind_mps":3}"""));
        Assert.Equal("wind_mps=3,bad_fields=1i", Fields());
        Assert.Equal(SampleQuality.Bad, _message.Samples[0].Quality);
    }

    [Fact]
    public void A_number_where_a_text_belongs_is_its_digits()
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode("""{"operator":1001}"""));
        Assert.Equal("operator=\"1001\"", Fields());
        Assert.Equal("1001", _site.Texts.TextOf((int)_message.Samples[0].Value));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("\"1772676000123\"")]
    [InlineData("4102444800000")]
    [InlineData("99999999999999999999")]
    public void A_device_time_that_cannot_be_is_none(string ts)
    {
        Assert.Equal(DecodeOutcome.Decoded, Decode($$"""{"ts":{{ts}},"load_t":1}"""));
        Assert.Equal(0, _message.MeasuredAtMs);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void A_value_that_JSON_cannot_hold_is_shown_as_null(double value)
    {
        var view = new ValueView("load_t", "t", value, null, SampleQuality.OutOfRange, null);
        string json = JsonSerializer.Serialize(view, ViewOptions);
        Assert.Equal("""{"field":"load_t","unit":"t","value":null,"quality":"outOfRange","receivedAt":null}""", json);
    }

    private DecodeOutcome Decode(string json) => new JsonDecoder(_site.Texts).Decode(_site.Route("c1"), Encoding.UTF8.GetBytes(json), _message);

    private string Fields() => Encoding.UTF8.GetString(_message.Fields);

    private static WireProfile Profile(string json)
    {
        var problems = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(json), problems);
        Assert.Empty(problems.Items);
        return profile!;
    }
}
