using FirmwareSim.Machines;
using FirmwareSim.Wire.Boxes;

namespace FirmwareSim.Tests.Wire;

/// <summary>The boxes' frames against the vendors' own and those of the protocol's description.</summary>
public sealed class BoxFrameTests
{
    private static readonly DateTime Quarter = new(2022, 3, 15, 10, 15, 0);
    private static readonly CraneSample Sample = new(LoadT: 2.35, RatedT: 2.6, MomentPct: 96.3, RadiusM: 41.8, HeightM: 32.5, SlewDeg: 127.5, WindMps: 6.4, TiltDeg: 0.12, Falls: 2, CraneAlarms.Load | CraneAlarms.Wind, "op-1001");

    [Fact]
    public void A_goyo_heartbeat_is_the_described_one() =>
        Assert.Equal("A55A021303000E005443303030303031220315101500" + "1B95EEFF", Convert.ToHexString(GoyoFrames.LongHeartbeat("TC000001", Quarter)));

    [Fact]
    public void A_goyo_heartbeat_of_version_01_is_the_vendors() => Assert.Equal("7E7E0100003906071804191030093C7D7D", Convert.ToHexString(GoyoFrames.ShortHeartbeat("390607", new DateTime(2018, 4, 19, 10, 30, 9))));

    [Fact]
    public void A_goyo_card_is_the_vendors_with_a_length_that_is_true() =>
        Assert.Equal("A55A0213030213003132333435363738010144443736453031420" + "19E72EEFF", Convert.ToHexString(GoyoFrames.LongIdentity("12345678", "DD76E01B")));

    [Fact]
    public void Goyo_reports_have_the_described_lengths_and_bits()
    {
        byte[] report = GoyoFrames.LongReport(GoyoFrames.Realtime, "TC000001", Quarter, Sample);
        Assert.Equal((81, 69, 0b101), (report.Length, report[6], report[8 + 62]));
        byte[] shorter = GoyoFrames.ShortReport(GoyoFrames.Realtime, "390607", Quarter, Sample);
        Assert.Equal((66, 0b11), (shorter.Length, shorter[62]));
    }

    [Fact]
    public void A_tx101_log_in_is_the_described_one() =>
        Assert.Equal("6809688302330100001003F0B116", Convert.ToHexString(Tx101Frames.Wrap([0x02, 0x33, 1, 0, 0], 3, 0, Tx101Frames.Link, [Tx101Frames.LogIn])));

    [Fact]
    public void Tx101_reports_have_the_described_lengths()
    {
        Assert.Equal(95, Tx101Frames.Crane(Quarter, Sample).Length);
        Assert.Equal(75, Tx101Frames.Hoist(Quarter, new HoistSample(0.8, 45.6, 0.6, 6, 15, false, 3.2, HoistAlarms.None, "op-2001"), 1001).Length);
        Assert.Equal(71, Tx101Frames.Dust(Quarter, new DustSample(186, 92, 41, 63.5, 14.2, 57, 2.4, 135, 101.8, 0, 0)).Length);
        Assert.Equal("001510154322", Convert.ToHexString(Tx101Frames.Time(Quarter)));
        Assert.Equal(Quarter, Tx101Frames.ReadTime(Tx101Frames.Time(Quarter)));
    }

    [Fact]
    public void A_tx101_alarm_lists_what_stands()
    {
        byte[] alarm = Tx101Frames.Alarm(Quarter, Sample);
        Assert.Equal("010205020702000000000000", Convert.ToHexString(alarm.AsSpan(68)));
    }

    [Theory]
    [InlineData(0.0, "000000")]
    [InlineData(2.4, "000024")]
    [InlineData(-127.5, "101275")]
    [InlineData(9999.9, "099999")]
    public void Tenths_are_sign_and_five_digits(double value, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(Bcd.Tenths(value)));

    [Fact]
    public void The_cutter_finds_answers_of_all_kinds_however_they_come()
    {
        byte[] stream = [1, 2, .. GoyoFrames.Long(3, []), 0x7E, 0x7E, 1, 0, 1, 0, 0xFF, 0x7D, 0x7D, .. Tx101Frames.Wrap([2, 0x33, 1, 0, 0], 1, 0, 0x90, [])];
        var cutter = new FrameCutter();
        var frames = stream.SelectMany(b => cutter.Feed([b])).ToList();
        Assert.Equal([12, 9, 13], frames.Select(f => f.Length));
    }
}
