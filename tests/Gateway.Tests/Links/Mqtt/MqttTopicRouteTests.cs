using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Links.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

public sealed class MqttTopicRouteTests
{
    private readonly TestSite _site = new(moreDevices: """
        , { "id": "g1", "name": "g", "kind": "crane", "profile": "goyo-crane-json", "link": "mqtt", "topic": "goyo/up", "serial": "TC1" }
        , { "id": "g2", "name": "g", "kind": "crane", "profile": "goyo-crane-json", "link": "mqtt", "topic": "goyo/up", "serial": "TC2" }
        , { "id": "g3", "name": "g", "kind": "hoist", "profile": "goyo-hoist-json", "link": "mqtt", "topic": "goyo/up", "serial": "塔3" }
        , { "id": "g4", "name": "g", "kind": "platform", "profile": "goyo-platform-json", "link": "mqtt", "topic": "goyo/alone" }
        , { "id": "d1", "name": "d", "kind": "crane", "profile": "deye-crane-json", "link": "mqtt", "topic": "BIM/zhgd/DEMO/26010101" }
        , { "id": "d2", "name": "d", "kind": "crane", "profile": "deye-crane-json", "link": "mqtt", "topic": "deye", "serial": "26010102" }
        , { "id": "d3", "name": "d", "kind": "hoist", "profile": "deye-hoist-json", "link": "mqtt", "topic": "deye", "serial": "26010103" }
        , { "id": "p1", "name": "p", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "own/crane" }
        , { "id": "p2", "name": "p", "kind": "camera", "profile": "camera-json", "link": "mqtt", "topic": "own/crane/telemetry" }
        """);

    [Theory]
    [InlineData("site/s1/crane/c1/telemetry", "c1", ReadingKind.Measurement)]
    [InlineData("site/s1/crane/c1/heartbeat", "c1", ReadingKind.Heartbeat)]
    [InlineData("site/s1/crane/c1/event", "c1", ReadingKind.Event)]
    [InlineData("site/s1/crane/c1/status", "c1", ReadingKind.Status)]
    [InlineData("own/crane/event", "p1", ReadingKind.Event)]
    [InlineData("own/crane", "p1", ReadingKind.Measurement)]
    [InlineData("own/crane/telemetry", "p2", ReadingKind.Heartbeat)]
    [InlineData("BIM/zhgd/DEMO/26010101/RealtimeDataCrane", "d1", ReadingKind.Measurement)]
    [InlineData("BIM/zhgd/DEMO/26010101/AlarmChangeDataCrane", "d1", ReadingKind.Event)]
    [InlineData("BIM/zhgd/DEMO/26010101/HeartBeatDataCrane", "d1", ReadingKind.Heartbeat)]
    [InlineData("BIM/zhgd/DEMO/26010101/telemetry", "d1", ReadingKind.Measurement)]
    public void A_topic_that_says_device_and_kind_is_not_looked_into(string topic, string device, ReadingKind kind)
    {
        var route = Resolve(topic);
        Assert.Equal(device, route.Device!.Id);
        var sender = route.SenderOf("no JSON at all"u8);
        Assert.Equal((device, kind, DecodeOutcome.Decoded, false), (sender.Device!.Id, sender.Kind, sender.Refusal, sender.IsNewStranger));
    }

    [Theory]
    [InlineData("BIM/zhgd/DEMO/26010101/NewThing")]
    [InlineData("goyo/up/anything")]
    [InlineData("goyo")]
    [InlineData("site/s1/crane/telemetry")]
    [InlineData("site/s1/crane/c9/telemetri")]
    [InlineData("/telemetry")]
    [InlineData("")]
    public void A_topic_that_is_nobodys_is_refused(string topic)
    {
        var sender = Resolve(topic).SenderOf("{}"u8);
        Assert.Equal((null, DecodeOutcome.UnknownTopic, null), (sender.Device, sender.Refusal, sender.Address));
    }

    [Theory]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":"TC1"}}""", "g1", ReadingKind.Measurement, "crane")]
    [InlineData("""{"data":{"weight":1,"sn":"TC2"},"x":[{"frame_type":1}],"frame_type":"heart_beat"}""", "g2", ReadingKind.Heartbeat, "crane")]
    [InlineData("""{"frame_type":"register","data":{"sn":"\u58543"}}""", "g3", ReadingKind.Status, "hoist")]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":" TC1 "}}""", "g1", ReadingKind.Measurement, "crane")]
    public void A_shared_topic_is_told_apart_by_serial_and_the_message_says_its_kind(string payload, string device, ReadingKind kind, string deviceKind)
    {
        var route = Resolve("goyo/up");
        Assert.Null(route.Device);
        var sender = route.SenderOf(Encoding.UTF8.GetBytes(payload));
        Assert.Equal((device, kind, deviceKind), (sender.Device!.Id, sender.Kind, sender.DeviceKind));
    }

    [Theory]
    [InlineData("", DecodeOutcome.NotJson)]
    [InlineData("[]", DecodeOutcome.NotAnObject)]
    [InlineData("""{"data":{"sn":"TC1"}""", DecodeOutcome.NotJson)]
    [InlineData("""{"frame_type":"real_time_data","data":{}}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":""}}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":null}}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":["TC1"]}}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"real_time_data","data":[{"sn":"TC1"}]}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":"0123456789012345678901234567890123456789012345678901234567890123456789"}}""", DecodeOutcome.NoSerial)]
    [InlineData("""{"frame_type":"firmware","data":{"sn":"TC1"}}""", DecodeOutcome.UnknownKind)]
    [InlineData("""{"data":{"sn":"TC1"}}""", DecodeOutcome.UnknownKind)]
    public void A_message_that_does_not_say_whose_or_what_it_is_is_refused_by_reason(string payload, DecodeOutcome why)
    {
        var sender = Resolve("goyo/up").SenderOf(Encoding.UTF8.GetBytes(payload));
        Assert.Equal((null, why, "goyo/up"), (sender.Device, sender.Refusal, sender.Address));
    }

    [Fact]
    public void A_serial_that_the_ledger_does_not_have_is_an_unregistered_device_new_once()
    {
        var route = Resolve("goyo/up");
        var first = route.SenderOf("""{"frame_type":"real_time_data","data":{"sn":"TC9"}}"""u8);
        Assert.Equal(("TC9", "goyo/up#TC9", "crane", true), (first.Device!.Id, first.Address, first.DeviceKind, first.IsNewStranger));
        Assert.Null(first.Device.Device);
        Assert.True(first.Device.Index >= _site.Directory.Registered.Count);

        var second = Resolve("goyo/up").SenderOf("""{"frame_type":"heart_beat","data":{"sn":"TC9"}}"""u8);
        Assert.Equal((first.Device, ReadingKind.Heartbeat, false), (second.Device, second.Kind, second.IsNewStranger));
    }

    [Fact]
    public void Too_many_serials_are_refused()
    {
        var route = Resolve("goyo/up");
        for (int i = 0; i < DeviceDirectory.UnregisteredMax; i++) Assert.NotNull(route.SenderOf(Payload($"X{i}")).Device);
        Assert.Equal((null, DecodeOutcome.TooManyUnregistered), (route.SenderOf(Payload("one more")).Device, route.SenderOf(Payload("one more")).Refusal));
        Assert.Equal("g1", route.SenderOf(Payload("TC1")).Device!.Id);

        static byte[] Payload(string serial) => Encoding.UTF8.GetBytes("""{"frame_type":"real_time_data","data":{"sn":"SERIAL"}}""".Replace("SERIAL", serial, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"frame_type":"heart_beat"}""", ReadingKind.Heartbeat)]
    [InlineData("""{"frame_type":"real_time_data","data":{"sn":"whoever"}}""", ReadingKind.Measurement)]
    public void A_device_alone_on_its_topic_needs_no_serial(string payload, ReadingKind kind)
    {
        var route = Resolve("goyo/alone");
        Assert.Equal("g4", route.Device!.Id);
        Assert.Equal(("g4", kind), (route.SenderOf(Encoding.UTF8.GetBytes(payload)).Device!.Id, route.SenderOf(Encoding.UTF8.GetBytes(payload)).Kind));
    }

    [Theory]
    [InlineData("BIM/zhgd/DEMO/26010101", """{"AlarmAction":0,"AlarmType":51}""", "d1", ReadingKind.Event)]
    [InlineData("BIM/zhgd/DEMO/26010101", """{"Weight":1}""", "d1", ReadingKind.Measurement)]
    [InlineData("deye", """{"HxzId":"26010102","AlarmAction":1}""", "d2", ReadingKind.Event)]
    [InlineData("deye", """{"HxzId":"26010103","Cmd":"0"}""", "d3", ReadingKind.Status)]
    [InlineData("deye", """{"Cmd":3,"HxzId":26010103}""", "d3", ReadingKind.Measurement)]
    [InlineData("deye/RealtimeDataElevator", """{"HxzId":"26010103","Cmd":"9"}""", "d3", ReadingKind.Measurement)]
    [InlineData("deye/AlarmChangeDataCrane", """{"HxzId":"26010102"}""", "d2", ReadingKind.Event)]
    public void Each_device_of_a_topic_has_its_own_word_for_the_kind_unless_the_topic_says_it(string topic, string payload, string device, ReadingKind kind)
    {
        var sender = Resolve(topic).SenderOf(Encoding.UTF8.GetBytes(payload));
        Assert.Equal((device, kind), (sender.Device!.Id, sender.Kind));
    }

    [Fact]
    public void A_value_of_the_other_device_s_kind_does_not_count()
    {
        Assert.Equal(DecodeOutcome.UnknownKind, Resolve("deye").SenderOf("""{"HxzId":"26010103","Cmd":"9","AlarmAction":1}"""u8).Refusal);
    }

    [Fact]
    public void Looking_into_a_message_of_a_known_device_allocates_nothing()
    {
        byte[] payload = Encoding.UTF8.GetBytes("""{"frame_type":"real_time_data","equipment_type":"tower","data":{"warning_type":[],"sn":"TC2","weight":1}}""");
        var route = Resolve("goyo/up");
        Run(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = Run(1_000);
        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal((1_000, 0), (found, after - before));

        int Run(int times)
        {
            int right = 0;
            for (int i = 0; i < times; i++) right += route.SenderOf(payload).Device!.Id == "g2" ? 1 : 0;
            return right;
        }
    }

    [Fact]
    public void Devices_of_one_topic_must_agree_on_the_member_of_the_serial()
    {
        var site = new TestSite(moreDevices: """
            , { "id": "x1", "name": "x", "kind": "crane", "profile": "goyo-crane-json", "link": "mqtt", "topic": "up", "serial": "1" }
            , { "id": "x2", "name": "x", "kind": "crane", "profile": "yz-crane-json", "link": "mqtt", "topic": "up", "serial": "2" }
            , { "id": "x3", "name": "x", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "other", "serial": "3" }
            """);
        var problems = new Problems();
        SharedTopics.Check("ledger.json", site.Ledger, site.Catalog, problems);

        int first = site.Ledger.Devices.Count - 3;
        Assert.Equal([$"devices[{first + 1}].profile", $"devices[{first + 2}].serial"], problems.Items.Select(p => p.Place));
        Assert.Contains("data.sn", problems.Items[0].Text, StringComparison.Ordinal);
        problems = new Problems();
        SharedTopics.Check("ledger.json", _site.Ledger, _site.Catalog, problems);
        Assert.Empty(problems.Items);
    }

    private MqttTopicRoute Resolve(string topic) => MqttTopicRoute.Resolve(Encoding.UTF8.GetBytes(topic), _site.Directory);
}
