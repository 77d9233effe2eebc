using Gateway.Domain.Readings;
using Gateway.Links.BlackBoxes;
using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Tests.Links.BlackBoxes;

public sealed class Tx101TalkTests
{
    private const string Login = "68 09 68 83 02 33 01 00 00 10 03 F0 B1 16";

    private const string Crane =
        "68 67 68 85 02 33 01 00 00 10 90 00 15 10 15 43 22 00 00 03 00 00 00 24 03 00 00 03 25 03 00 00 04 18 03 00 00 12 75 03 00 00 00 64 03 00 00 00 01 03 20 00 09 63 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 F5 16";

    private const string Hoist =
        "68 53 68 85 02 33 01 00 00 10 9A 00 15 10 15 43 22 E9 03 00 00 00 00 03 00 00 00 08 03 00 00 04 56 03 00 00 00 06 03 00 00 00 32 03 00 00 00 00 03 00 03 00 03 00 03 00 06 03 01 0F 00 00 00 00 00 00 00 00 00 00 "
        + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 EA 16";

    private const string Dust =
        "68 4F 68 85 02 33 01 00 00 10 96 00 15 10 15 43 22 00 00 00 00 00 00 03 00 00 04 10 03 00 00 09 20 03 00 00 01 42 03 00 00 05 70 03 00 00 00 24 00 00 00 00 00 00 00 00 03 00 00 06 35 03 00 00 13 50 00 00 00 00 "
        + "00 00 00 00 00 00 00 00 00 00 00 00 BE 16";

    private static readonly byte[] Address = [0x02, 0x33, 0x01, 0x00, 0x00];
    private static readonly DateTime TenFifteen = new(2022, 3, 15, 10, 15, 0);

    [Fact]
    public void Log_in_is_answered_at_once_with_its_own_words_and_the_clock_is_asked_for()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Login);
        var sent = BoxRig.Sent(talk);
        Assert.Equal([Tx101Function.Link, Tx101Function.GetClock], sent.Select(s => new Tx101Frame(BoxRig.Bytes(s)).Function));
        Assert.Equal(0xF0, new Tx101Frame(BoxRig.Bytes(sent[0])).Data[0]);
    }

    [Fact]
    public void A_box_that_nobody_knows_may_log_in_too_and_becomes_a_stranger_with_its_first_report()
    {
        using var rig = new BoxRig();
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Login);
        Assert.Single(BoxRig.Sent(talk));
        rig.Say(talk, Hoist);
        rig.Commit();
        Assert.Equal("hoist", Assert.Single(rig.Events, e => e.Stranger is not null).Stranger!.Kind);
        Assert.StartsWith("hoist,site=s1,device=tx101-3302-000001,registered=no ", rig.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_crane_report_becomes_the_stated_values_and_is_acknowledged_once_it_is_on_disk()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Crane);
        _ = BoxRig.Sent(talk);
        Assert.Equal(1, rig.Tx101.Status()[0].OpenResend);
        rig.Commit();
        Assert.StartsWith("68 08 68 01 02 33 01 00 00 10 90", Assert.Single(BoxRig.Sent(talk)), StringComparison.Ordinal);
        Assert.Equal([2.4, 32.5, 41.8, 127.5, 6.4, 0.1, 96.3, 0, 1 << 1], ((string[])["load_t", "height_m", "radius_m", "slew_deg", "wind_mps", "tilt_deg", "moment_pct", "alarm_bits", "warn_bits"]).Select(rig.Number));
        Assert.Null(rig.Field("travel_m"));
        Assert.Equal(ReadingKind.Measurement, rig.Readings[0].Kind);
    }

    [Fact]
    public void A_hoist_and_a_dust_report_become_the_stated_values()
    {
        using var hoist = new BoxRig(BoxRig.Device("lift-1", "hoist", "tx101-hoist", "tx101", "3302-000001"));
        hoist.Say(hoist.Connect(hoist.Tx101), Hoist);
        hoist.Commit();
        Assert.Equal([0.8, 45.6, 0.6, 3.2, 6, 15, 1], ((string[])["load_t", "height_m", "speed_mps", "wind_mps", "people", "floor", "floor_aligned"]).Select(hoist.Number));
        Assert.Equal("\"1001\"", hoist.Field("operator"));
        using var dust = new BoxRig(BoxRig.Device("air-1", "dust", "tx101-dust", "tx101", "3302-000001"));
        dust.Say(dust.Connect(dust.Tx101), Dust);
        dust.Commit();
        Assert.Equal([41, 92, 14.2, 57, 2.4, 63.5, 135], ((string[])["pm25_ugm3", "pm10_ugm3", "temp_c", "rh_pct", "wind_mps", "noise_db", "wind_dir_deg"]).Select(dust.Number));
    }

    [Fact]
    public void An_alarm_frame_raises_our_words_and_what_only_it_knows_stands_until_the_next_one()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        const int collision = 1 << 4, up = 1 << 6, outer = 1 << 8, load = 1, operatorBit = 1 << 14;
        rig.Say(talk, Alarm(3, [4, 1, 0x80, 0x00, 4, 0x08, 0x80, 0x00, 5, 2, 7, 1], [1, 9, 2]));
        rig.Commit();
        Assert.Equal(ReadingKind.Event, rig.Readings[^1].Kind);
        Assert.Equal(collision | up | outer | load | operatorBit, rig.Number("alarm_bits"));
        Assert.Equal(1 << 1 | 1 << 2, rig.Number("warn_bits"));
        rig.Say(talk, Crane);
        rig.Commit();
        Assert.Equal(operatorBit, rig.Number("alarm_bits"));
        rig.Say(talk, Alarm(0));
        rig.Commit();
        Assert.Equal(0, rig.Number("alarm_bits"));
    }

    [Fact]
    public void Faults_of_sensors_and_of_other_parts_are_told_apart()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        rig.Say(rig.Connect(rig.Tx101), Alarm(4, [2, 0x36, 0x31]));
        rig.Commit();
        Assert.Equal((1L << AlarmBits.Sensor) + (1L << AlarmBits.Other), rig.Number("alarm_bits"));
    }

    [Fact]
    public void A_work_cycle_goes_into_a_series_of_its_own()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"), civil: TenFifteen.AddSeconds(40));
        rig.Say(rig.Connect(rig.Tx101), "68 46 68 36 02 33 01 00 00 10 91 05 02 00 00 10 15 43 22 30 15 10 15 43 22 00 00 24 00 09 82 00 04 55 00 00 30 00 04 18 00 01 25 00 12 75 10 03 00 00 00 00 00 00 00 10 03 00 00 01 25 00 00 30 00 12 75 00 04 18 00 03 25 "
            + Crc("36 02 33 01 00 00 10 91 05 02 00 00 10 15 43 22 30 15 10 15 43 22 00 00 24 00 09 82 00 04 55 00 00 30 00 04 18 00 01 25 00 12 75 10 03 00 00 00 00 00 00 00 10 03 00 00 01 25 00 00 30 00 12 75 00 04 18 00 03 25") + " 16");
        rig.Commit();
        Assert.StartsWith("crane_cycle,site=s1,device=tower-1 ", rig.Lines[^1], StringComparison.Ordinal);
        Assert.Equal([517, 930, 2.4, 98.2, 45.5, -30, 32.5], ((string[])["cycle", "cycle_s", "max_load_t", "max_moment_tm", "max_height_m", "min_slew_deg", "unload_height_m"]).Select(rig.Number));
        Assert.Equal(ReadingKind.Event, rig.Readings[^1].Kind);
    }

    [Fact]
    public void A_fingerprint_names_the_operator()
    {
        using var rig = new BoxRig(BoxRig.Device("lift-1", "hoist", "tx101-hoist", "tx101", "3302-000001"));
        rig.Say(rig.Connect(rig.Tx101), Frame(0x36, 0x94, [.. Time(TenFifteen), 0xE9, 0x03, 0, 0]));
        rig.Commit();
        Assert.Equal("\"1001\"", rig.Field("operator"));
    }

    [Fact]
    public void A_message_in_packets_is_answered_once_it_is_whole_and_on_disk()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        byte[] data = BoxRig.Bytes(Crane)[11..^2];
        rig.Say(talk, Packet(2, 2, data[..50]));
        rig.Commit();
        Assert.Empty(rig.Readings);
        rig.Say(talk, Packet(2, 1, data[50..]));
        rig.Commit();
        Assert.Equal(2.4, rig.Number("load_t"));
        Assert.Single(BoxRig.Sent(talk), s => new Tx101Frame(BoxRig.Bytes(s)).Function == Tx101Function.CraneRealtime);
        rig.Say(talk, Packet(3, 1, data));
        Assert.Equal(1, rig.Tx101.Status()[0].Counters["packetMissing"]);
    }

    [Fact]
    public void An_old_report_of_a_box_whose_clock_is_right_was_kept_and_is_no_life()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"), civil: TenFifteen.AddMinutes(30));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Login);
        rig.Say(talk, Frame(0x84, 0x51, Time(TenFifteen.AddMinutes(30))));
        rig.Say(talk, Crane);
        rig.Commit();
        Assert.Equal(ReadingFlags.Backfill, rig.Readings[^1].Flags);
        Assert.EndsWith(",backfill=1i", rig.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, rig.Tx101.Status()[0].ClockSkewMs);
        Assert.Equal(1, rig.Tx101.Status()[0].Counters["past"]);
    }

    [Fact]
    public void A_report_of_a_box_whose_clock_is_slow_is_live_and_the_clock_is_set()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"), civil: TenFifteen.AddMinutes(30));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Frame(0x84, 0x51, Time(TenFifteen)));
        var set = new Tx101Frame(BoxRig.Bytes(Assert.Single(BoxRig.Sent(talk), s => new Tx101Frame(BoxRig.Bytes(s)).Function == Tx101Function.SetClock)));
        Assert.Equal(Time(TenFifteen.AddMinutes(30)), set.Data.ToArray());
        rig.Say(talk, Crane);
        rig.Commit();
        Assert.Equal(ReadingFlags.None, rig.Readings[^1].Flags);
        Assert.DoesNotContain("backfill", rig.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_that_will_not_tell_its_clock_is_believed_to_live_in_the_end()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"), civil: TenFifteen.AddMinutes(30));
        var talk = rig.Connect(rig.Tx101);
        for (int i = 0; i < 5; i++)
        {
            rig.Say(talk, Crane);
            rig.Clock.Advance(TimeSpan.FromSeconds(11));
        }
        rig.Commit();
        Assert.Equal(3, BoxRig.Sent(talk).Count(s => new Tx101Frame(BoxRig.Bytes(s)).Function == Tx101Function.GetClock));
        Assert.Equal(ReadingFlags.Backfill, rig.Readings[0].Flags);
        Assert.Equal(ReadingFlags.None, rig.Readings[^1].Flags);
    }

    [Fact]
    public void Our_clock_is_not_given_away_while_it_is_not_sane()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"), civil: TenFifteen.AddMinutes(30)) { ClockIsSane = false };
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Frame(0x84, 0x51, Time(TenFifteen)));
        Assert.DoesNotContain(BoxRig.Sent(talk), s => new Tx101Frame(BoxRig.Bytes(s)).Function == Tx101Function.SetClock);
    }

    [Fact]
    public void A_platform_is_answered_and_counted_as_not_understood()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Frame(0xB5, 0xA1, new byte[60]));
        rig.Commit();
        Assert.Contains(BoxRig.Sent(talk), s => (byte)new Tx101Frame(BoxRig.Bytes(s)).Function == 0xA1);
        Assert.Equal(1, rig.Tx101.Status()[0].Counters["notUnderstood"]);
    }

    [Fact]
    public void Three_boxes_on_one_wire_are_told_apart_by_their_addresses()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001") + BoxRig.Device("lift-1", "hoist", "tx101-hoist", "tx101", "3302-000002") + BoxRig.Device("air-1", "dust", "tx101-dust", "tx101", "3302-000003"));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, [.. BoxRig.Bytes(Crane), .. At(2, Hoist), .. "!063.5\r\n"u8, .. At(3, Dust)]);
        rig.Commit();
        Assert.Equal(["tower-1", "lift-1", "air-1"], rig.Readings.Select(r => rig.Site.Directory.Registered[r.Device].Id));
        Assert.Equal(3, BoxRig.Sent(talk).Count(s => (byte)new Tx101Frame(BoxRig.Bytes(s)).Function >= 0x90));
    }

    [Fact]
    public void Our_own_frames_heard_again_are_no_reports()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "tx101-crane", "tx101", "3302-000001"));
        var talk = rig.Connect(rig.Tx101);
        rig.Say(talk, Login);
        rig.Say(talk, Crane);
        rig.Commit();
        var sent = BoxRig.Sent(talk);
        foreach (string frame in sent) rig.Say(talk, frame);
        rig.Commit();
        Assert.Empty(BoxRig.Sent(talk));
        Assert.Equal(sent.Count, rig.Tx101.Frames.Single(f => f.Key == "echo").Value);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.29, 0)]
    [InlineData(0.3, 1)]
    [InlineData(10.8, 6)]
    [InlineData(37, 13)]
    [InlineData(90, 13)]
    public void Beaufort_goes_both_ways(double mps, int level)
    {
        Assert.Equal(level, Beaufort.LevelOf(mps));
        Assert.Equal(level, Beaufort.LevelOf(Beaufort.LowerBoundMps(level)));
        Assert.True(double.IsNaN(Beaufort.LowerBoundMps(14)));
    }

    private static byte[] Alarm(byte status, params byte[][] lists)
    {
        byte[] sensors = BoxRig.Bytes(Crane)[11..(11 + 68)];
        return Frame(0x37, 0x92, [.. sensors, status, .. lists.SelectMany(l => l), .. new byte[6]]);
    }

    private static byte[] At(byte terminal, string hex)
    {
        byte[] frame = BoxRig.Bytes(hex);
        frame[6] = terminal;
        frame[^2] = Tx101Crc.Of(frame.AsSpan()[3..^2]);
        return frame;
    }

    private static byte[] Frame(byte control, byte function, byte[] data) => Wrap([control, .. Address, 0x10, function, .. data]);

    private static byte[] Packet(byte packets, byte packet, byte[] data) => Wrap([0xC5, packets, 0, packet, 0, .. Address, 0x10, 0x90, .. data]);

    private static byte[] Wrap(byte[] body) => [0x68, (byte)body.Length, 0x68, .. body, Tx101Crc.Of(body), 0x16];

    private static byte[] Time(DateTime civil)
    {
        byte[] time = new byte[Tx101Time.Bytes];
        Tx101Time.Write(time, civil);
        return time;
    }

    private static string Crc(string body) => Tx101Crc.Of(BoxRig.Bytes(body)).ToString("X2", System.Globalization.CultureInfo.InvariantCulture);
}
