using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Tests.Decoding.Forms;

public sealed class VendorFormTests
{
    private readonly TestSite _site = new();

    public static TheoryData<string> Names => [.. VendorCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vendors_message_is_read_to_its_stated_values(string name) =>
        Assert.Equal(VendorCase.Expected(name), VendorCase.Read(Route(VendorCase.ProfileOf(name)), VendorCase.Payload(name), _site.Texts));

    [Fact]
    public void Every_vendor_profile_has_a_case_a_serial_and_notes()
    {
        var vendors = _site.Catalog.All.Where(p => p.IsVendorForm).ToList();
        Assert.Equal(12, vendors.Count);
        Assert.Empty(vendors.Select(p => p.Device.Id).Except(VendorCase.Names.Select(VendorCase.ProfileOf)));
        Assert.All(vendors, p => Assert.NotNull(p.Json!.Envelope?.Serial));
        Assert.All(vendors, p => Assert.NotNull(p.Notes));
    }

    [Theory]
    [InlineData("crane", "crane-json")]
    [InlineData("hoist", "hoist-json")]
    [InlineData("dust", "dust-json")]
    public void An_unregistered_device_on_our_topics_is_read_in_our_form_not_in_a_vendors(string kind, string profile) =>
        Assert.Equal(profile, _site.Catalog.ForUnregistered(kind, LinkKind.Mqtt)!.Device.Id);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_torn_anywhere_is_refused_and_leaves_no_alarm_behind(string name)
    {
        byte[] whole = VendorCase.Payload(name);
        var route = Route(VendorCase.ProfileOf(name));
        var decoder = new JsonDecoder(_site.Texts);
        var message = new DecodedMessage();
        for (int length = 0; length < whole.Length; length++)
            Assert.Equal(DecodeOutcome.NotJson, decoder.Decode(route, whole.AsSpan(0, length), message, ReadingKind.Heartbeat));
        Assert.Equal(DecodeOutcome.NotJson, decoder.Decode(route, [.. whole, .. whole], message));

        for (int word = 0; word < route.Profile.Json!.Form!.Words.Length; word++) Assert.Equal(0, route.Alarms.Say(word, 0, 0, 0, 0));
    }

    [Fact]
    public void Noise_terminates_and_the_next_good_message_is_read()
    {
        var random = new Random(20_260_306);
        var decoder = new JsonDecoder(_site.Texts);
        var message = new DecodedMessage();
        foreach (string name in VendorCase.Names)
        {
            byte[] good = VendorCase.Payload(name);
            var route = Route(VendorCase.ProfileOf(name));
            for (int i = 0; i < 4_000; i++)
            {
                byte[] bad = [.. good];
                for (int n = random.Next(1, 4); n > 0; n--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
                decoder.Decode(route, bad, message);
            }
            Assert.Equal(DecodeOutcome.Decoded, decoder.Decode(route, good, message, ReadingKind.Heartbeat));
        }
    }

    [Fact]
    public void Reading_through_a_form_allocates_nothing()
    {
        var decoder = new JsonDecoder(_site.Texts);
        var message = new DecodedMessage();
        foreach (string name in VendorCase.Names)
        {
            byte[] payload = VendorCase.Payload(name);
            var route = Route(VendorCase.ProfileOf(name));
            Run(100);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(100);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Run(int times)
            {
                for (int i = 0; i < times; i++) decoder.Decode(route, payload, message, ReadingKind.Heartbeat);
            }
        }
    }

    [Fact]
    public void A_vendors_heartbeat_without_a_value_is_a_message_and_a_measurement_without_one_is_none()
    {
        var route = Route("goyo-crane-json");
        byte[] empty = Encoding.UTF8.GetBytes("""{"frame_type":"heart_beat","data":{"sn":"TC900001"}}""");
        Assert.Equal(DecodeOutcome.Decoded, new JsonDecoder(_site.Texts).Decode(route, empty, new DecodedMessage(), ReadingKind.Heartbeat));
        Assert.Equal(DecodeOutcome.NoKnownField, new JsonDecoder(_site.Texts).Decode(route, empty, new DecodedMessage()));
    }

    private DeviceRoute Route(string profile) => new(0, "x1", "s1", null, _site.Catalog[profile], _site.Ledger.Site.TimeZone);
}
