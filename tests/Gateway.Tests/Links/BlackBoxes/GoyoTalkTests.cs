using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Protocols.Goyo;
using Xunit;

namespace Gateway.Tests.Links.BlackBoxes;

public sealed class GoyoTalkTests
{
    private const string Heartbeat = "A5 5A 02 13 03 00 0E 00 54 43 30 30 30 30 30 31 22 03 15 10 15 00 1B 95 EE FF";

    private const string Realtime =
        "A5 5A 02 13 03 01 45 00 54 43 30 30 30 30 30 31 39 00 31 30 30 30 30 33 37 35 22 03 15 10 15 00 00 02 B2 0C 54 10 FB 04 EB 00 80 02 0C 00 F8 FF 00 00 00 00 88 13 04 01 FC 03 "
        + "00 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 00 00 00 81 F3 EE FF";

    private const string Realtime01 = "7E 7E 01 01 00 39 06 07 00 00 00 00 18 04 19 10 29 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 66 66 7E 41 9A 99 99 3E 00 37 02 66 66 2E 42 00 00 00 00 00 00 00 00 00 00 00 00 04 00 36 7D 7D";

    private static readonly string Devices = BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "TC000001") + BoxRig.Device("tower-2", "crane", "goyo-v01-crane", "goyo", "390607") + BoxRig.Device("tower-3", "crane", "goyo-v11-crane", "goyo", "TC110007");

    [Fact]
    public void Real_time_becomes_the_stated_values_in_the_stated_units()
    {
        using var rig = new BoxRig(Devices);
        var talk = rig.Connect(rig.Goyo);
        Assert.True(rig.Say(talk, Realtime));
        rig.Commit();
        var reading = Assert.Single(rig.Readings);
        Assert.Equal((rig.Site.IndexOf("tower-1"), ReadingKind.Measurement, ReadingFlags.None), (reading.Device, reading.Kind, reading.Flags));
        Assert.Equal(
            [32.5, 41.8, 127.5, 2.35, 6.4, 0.12, -0.08, 2.6, 102, 98.23, 96.3, 0.12, 57],
            ((string[])["height_m", "radius_m", "slew_deg", "load_t", "wind_mps", "tilt_x_deg", "tilt_y_deg", "rated_t", "safe_moment_tm", "moment_tm", "moment_pct", "tilt_deg", "work_cycle"]).Select(rig.Number));
        Assert.Equal("\"10000375\"", rig.Field("operator"));
        Assert.Equal("8i", rig.Field("vendor_warn_bits"));
        Assert.Empty(BoxRig.Sent(talk));
    }

    [Fact]
    public void Version_01_becomes_the_stated_values_and_its_wind_is_no_measurement()
    {
        using var rig = new BoxRig(Devices, civil: new DateTime(2018, 4, 19, 10, 29, 8));
        rig.Say(rig.Connect(rig.Goyo), Realtime01);
        rig.Commit();
        Assert.Equal([15.9, 0.3, 56.7, 43.6, 4, 13.08, 23.07, 0, 0], ((string[])["height_m", "load_t", "safe_moment_tm", "radius_m", "falls", "moment_tm", "moment_pct", "wind_level", "wind_min_mps"]).Select(rig.Number));
        Assert.Null(rig.Field("wind_mps"));
    }

    [Fact]
    public void Version_11_maps_its_bits_to_our_words_and_keeps_of_a_card_number_the_last_four()
    {
        using var rig = new BoxRig(Devices, civil: new DateTime(2026, 3, 5, 10, 15, 0));
        byte[] frame = BoxRig.Bytes("7E 7E 11 01 4D 00 54 43 31 31 30 30 30 37 33 33 30 32 30 30 31 39 30 30 30 31 30 31 30 30 31 31 26 03 05 10 15 00 58 78 B9 00 38 94 2D 00 B2 0C 54 10 FB 04 EB 00 80 02 0C 00 F8 FF FC 03 04 01 04 00 00 00 00 00 00 20 00 00 00 08 00 00 00 02 00 01 00 00 7D 7D");
        rig.Say(rig.Connect(rig.Goyo), frame);
        rig.Commit();
        Assert.Equal(1 << 0 | 1 << 6, rig.Number("alarm_bits"));
        Assert.Equal(1 << 1, rig.Number("warn_bits"));
        Assert.Equal("\"0011\"", rig.Field("operator"));
        Assert.DoesNotContain("33020019000101001", rig.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "A5 5A 02 13 03 00 01 00 00 00 00 EE FF")]
    [InlineData(60, "A5 5A 02 13 03 00 01 00 00 00 00 EE FF")]
    [InlineData(-60, "A5 5A 02 13 03 00 01 00 00 00 00 EE FF")]
    public void A_clock_within_a_minute_is_left_alone(int seconds, string answer)
    {
        using var rig = new BoxRig(Devices, civil: new DateTime(2022, 3, 15, 10, 15, 0).AddSeconds(seconds));
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, Heartbeat);
        Assert.Equal([answer], BoxRig.Sent(talk));
        Assert.Equal(-1000L * seconds, rig.Goyo.Status()[0].ClockSkewMs);
    }

    [Fact]
    public void A_clock_that_is_off_is_set_at_once_unless_ours_is_not_sane()
    {
        using var rig = new BoxRig(Devices, civil: new DateTime(2022, 3, 15, 10, 16, 1));
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, Heartbeat);
        var frame = GoyoScanner.Read(BoxRig.Bytes(Assert.Single(BoxRig.Sent(talk)))).Frame;
        Assert.Equal("01220315101601", Convert.ToHexString(frame.Payload));
        rig.ClockIsSane = false;
        rig.Say(talk, Heartbeat);
        Assert.Equal(["A5 5A 02 13 03 00 01 00 00 00 00 EE FF"], BoxRig.Sent(talk));
        Assert.Empty(rig.Readings);
    }

    [Fact]
    public void What_was_kept_is_backfill_and_acknowledged_only_once_it_is_on_disk()
    {
        using var rig = new BoxRig(Devices, civil: new DateTime(2022, 3, 15, 12, 0, 0));
        var talk = rig.Connect(rig.Goyo);
        byte[] offline = BoxRig.Bytes(Realtime);
        offline[5] = 3;
        rig.Say(talk, offline);
        Assert.Empty(BoxRig.Sent(talk));
        Assert.Equal(1, rig.Goyo.Status()[0].OpenResend);
        rig.Commit();
        Assert.Equal(["A5 5A 02 13 03 03 00 00 00 00 EE FF"], BoxRig.Sent(talk));
        Assert.Equal(0, rig.Goyo.Status()[0].OpenResend);
        Assert.Equal(ReadingFlags.Backfill, rig.Readings[0].Flags);
        Assert.Equal(new DateTimeOffset(2022, 3, 15, 10, 15, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds() * 1000, rig.Readings[0].PointAtUs);
        Assert.EndsWith(",backfill=1i", rig.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_signs_in_becomes_the_operator_and_is_answered_after_the_commit()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "12345678"));
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, "A5 5A 02 13 03 02 00 00 31 32 33 34 35 36 37 38 01 01 44 44 37 36 45 30 31 42 01 9E 72 EE FF");
        Assert.Empty(BoxRig.Sent(talk));
        rig.Commit();
        Assert.Equal("\"DD76E01B\"", rig.Field("operator"));
        Assert.Equal(ReadingKind.Event, rig.Readings[0].Kind);
        Assert.Equal(["A5 5A 02 13 03 02 13 00 31 32 33 34 35 36 37 38 01 01 44 44 37 36 45 30 31 42 01 9E 72 EE FF"], BoxRig.Sent(talk));
        Assert.Equal(1, rig.Goyo.Status()[0].Counters["lengthLies"]);
    }

    [Fact]
    public void Anti_collision_is_acknowledged_with_the_vendors_empty_frame_and_counted_as_not_understood()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "12345678"));
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, "A5 5A 02 13 03 0C 00 00 31 32 33 34 35 36 37 38 01 02 03 01 02 03 04 05 06 07 08 00 00 00 00 01 01 00 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 99 61 EE FF");
        rig.Commit();
        Assert.Equal(["A5 5A 02 13 03 0C 00 00 00 00 EE FF"], BoxRig.Sent(talk));
        Assert.Equal(1, rig.Goyo.Status()[0].Counters["notUnderstood"]);
        Assert.Equal(["notUnderstood", "ok"], rig.Ring(rig.Goyo).Since(0).Select(f => f.Verdict));
    }

    [Fact]
    public void Two_hooks_have_their_own_fields()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "12345678"), civil: new DateTime(2017, 6, 22, 12, 1, 2));
        rig.Say(rig.Connect(rig.Goyo), "A5 5A 02 13 03 01 00 00 31 32 33 34 35 36 37 38 01 00 38 37 36 35 34 32 33 31 17 06 22 12 01 02 00 02 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 09 00 10 00 11 00 12 00 13 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 02 02 00 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 00 00 00 00 00 00 00 00 02 02 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 00 00 00 00 00 00 00 00 D8 19 EE FF");
        rig.Commit();
        Assert.Equal([2, 0.03, 0.01, 0.05], ((string[])["hooks", "hook2_load_t", "hook2_height_m", "hook2_rated_t"]).Select(rig.Number));
    }

    [Fact]
    public void A_station_nobody_registered_is_a_stranger_with_the_profile_of_its_version()
    {
        using var rig = new BoxRig();
        rig.Say(rig.Connect(rig.Goyo), Realtime01);
        rig.Commit();
        var stranger = Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Stranger).Stranger!;
        Assert.Equal(("goyo", "390607", "crane"), (stranger.Link, stranger.Address, stranger.Kind));
        Assert.StartsWith("crane,site=s1,device=goyo-390607,registered=no ", rig.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_the_profile_is_not_for_is_refused_and_counted()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-v01-crane", "goyo", "TC000001"));
        rig.Say(rig.Connect(rig.Goyo), Realtime);
        rig.Commit();
        Assert.Empty(rig.Readings);
        Assert.Equal(1, rig.Goyo.Status()[0].Counters["wrongProfile"]);
    }

    [Fact]
    public void Without_room_nothing_is_answered_or_lost_and_nothing_is_counted_twice()
    {
        using var rig = new BoxRig(Devices, linesBytesMax: 1);
        var talk = rig.Connect(rig.Goyo);
        byte[] offline = BoxRig.Bytes(Realtime);
        offline[5] = 3;
        Assert.True(rig.Say(talk, offline));
        Assert.False(rig.Say(talk, [.. "AAAA"u8, .. offline]));
        talk.Take([], rig.Clock.NowMs, out bool full);
        Assert.True(full);
        rig.Commit();
        Assert.Single(BoxRig.Sent(talk));
        talk.Take([], rig.Clock.NowMs, out full);
        Assert.False(full);
        rig.Commit();
        Assert.Single(BoxRig.Sent(talk));
        Assert.Equal((2, 4L), (rig.Readings.Count, rig.Goyo.ForeignBytes));
        Assert.Equal(2, rig.Goyo.Status()[0].Counters["ok"]);
    }

    [Fact]
    public void Two_boxes_with_one_address_are_noticed()
    {
        using var rig = new BoxRig(Devices);
        var first = rig.Connect(rig.Goyo);
        var second = rig.Connect(rig.Goyo, "10.0.0.8");
        foreach (var talk in new[] { first, second, first }) rig.Say(talk, Realtime);
        Assert.Equal(1, rig.Goyo.Status()[0].Counters["addressClash"]);
        first.Closed(rig.Clock.NowMs);
        rig.Say(second, Realtime);
        Assert.Equal(1, rig.Goyo.Status()[0].Counters["addressClash"]);
    }

    [Fact]
    public void A_line_that_gives_back_what_is_sent_hears_itself_and_says_so()
    {
        using var rig = new BoxRig(Devices);
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, Heartbeat);
        foreach (string sent in BoxRig.Sent(talk)) rig.Say(talk, sent);
        Assert.Empty(BoxRig.Sent(talk));
        Assert.Equal(1, rig.Goyo.Frames.Single(f => f.Key == "echo").Value);
    }

    [Fact]
    public void The_wire_that_closes_takes_its_devices_down()
    {
        using var rig = new BoxRig(Devices);
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, Realtime);
        talk.Closed(rig.Clock.NowMs);
        rig.Commit();
        Assert.Equal([LinkEventKind.Up, LinkEventKind.Down], rig.Events.Select(e => e.Kind));
        Assert.Empty(BoxRig.Sent(talk));
    }
}
