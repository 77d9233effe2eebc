using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Xunit;

namespace Gateway.Tests.Decoding;

/// <summary>A finished pile is a point of its own beside what the machine measures all the time.</summary>
public sealed class RecordSeriesTests
{
    private readonly TestSite _site = new(moreDevices: """, { "id": "pile-1", "name": "桩机", "kind": "piling", "profile": "piling-json", "link": "mqtt", "inService": "2026-01-01" }""");

    [Theory]
    [InlineData("""{"ts":1772676000000,"depth_m":8.2,"up_speed_mpm":0.8,"tilt_x_deg":0.2,"tilt_y_deg":-0.4}""", "piling,site=s1,device=pile-1 depth_m=8.2,")]
    [InlineData("""{"ts":1772676000000,"pile_no":"A-17","pile_depth_m":15.1,"design_depth_m":15,"slurry_total_l":2100,"cement_kg":1250}""", "piling_pile,site=s1,device=pile-1 pile_no=\"A-17\",pile_depth_m=15.1,")]
    public void A_message_with_the_records_field_goes_into_the_records_series(string json, string line)
    {
        var route = _site.Route("pile-1");
        var message = new DecodedMessage();
        Assert.Equal(DecodeOutcome.Decoded, new JsonDecoder(_site.Texts).Decode(route, Encoding.UTF8.GetBytes(json), message));
        using var ingest = new IngestBuffer();
        Assert.True(ingest.TryAppend(route, message, ReadingKind.Event, ReadingFlags.None, 1772676000000, prefix: route.SeriesOf(message)));
        Assert.StartsWith(line, Encoding.UTF8.GetString(ingest.Take().Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_ends_in_pile_carries_an_event()
    {
        var sender = MqttTopicRoute.Resolve("site/s1/piling/pile-1/pile"u8, _site.Directory).SenderOf("{}"u8);
        Assert.Equal(("pile-1", ReadingKind.Event), (sender.Device!.Id, sender.Kind));
    }
}
