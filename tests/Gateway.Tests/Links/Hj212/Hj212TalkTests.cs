using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

public sealed class Hj212TalkTests : IDisposable
{
    private readonly Hj212Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Data_is_answered_after_the_commit_and_not_before()
    {
        _rig.Live();
        Assert.Empty(_rig.Sent());

        _rig.Commit();

        Assert.Equal([$"QN={Hj212Rig.Stamp(_rig.Clock.NowMs)}000;ST=91;CN=9014;PW=123456;MN={Hj212Rig.Mn};Flag=4;CP=&&&&"], _rig.Sent());
        Assert.Equal(ReadingKind.Measurement, Assert.Single(_rig.Readings).Reading.Kind);
    }

    [Theory]
    [InlineData('N', 1, ReadingFlags.None)]
    [InlineData('T', 1, ReadingFlags.None)]
    [InlineData('F', 0, ReadingFlags.None)]
    [InlineData('M', 0, ReadingFlags.None)]
    [InlineData('S', 0, ReadingFlags.None)]
    [InlineData('D', 0, ReadingFlags.None)]
    [InlineData('C', 0, ReadingFlags.None)]
    [InlineData('B', 0, ReadingFlags.InstrumentBroken)]
    public void The_flag_of_a_value_decides_whether_it_is_believed(char flag, int good, ReadingFlags flags)
    {
        _rig.Live(41, flag);
        _rig.Commit();

        var (reading, believed) = Assert.Single(_rig.Readings);
        Assert.Equal((good, flags), (believed, reading.Flags));
        Assert.Contains(good == 1 ? "pm25_ugm3=41 " : "bad_fields=1i ", Assert.Single(_rig.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LA-Rtd=63.5;Leq-Rtd=61", "noise_db=63.5")]
    [InlineData("Leq-Rtd=61", "noise_db=61")]
    [InlineData("a50001-Rtd=62;a50001-Rtd=63", "noise_db=62")]
    [InlineData("a01006-Rtd=101.8", "pressure_kpa=101.8")]
    public void Noise_is_read_under_any_of_its_codes_and_once(string item, string fields)
    {
        _rig.Say(2011, $"DataTime={Hj212Rig.Stamp(_rig.Clock.NowMs)};{item}");
        _rig.Commit();

        Assert.Contains($" {fields} ", Assert.Single(_rig.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void One_broken_instrument_of_two_is_a_bad_value_and_no_dead_device()
    {
        _rig.Say(2011, $"DataTime={Hj212Rig.Stamp(_rig.Clock.NowMs)};a34004-Rtd=41,a34004-Flag=N;a34002-Rtd=0,a34002-Flag=B");
        _rig.Commit();

        Assert.Equal((ReadingFlags.None, 1), (_rig.Readings[0].Reading.Flags, _rig.Readings[0].Good));
    }

    [Theory]
    [InlineData(3020, "i12002-Info=0", ReadingFlags.InstrumentBroken)]
    [InlineData(3020, "i22101-Info=2", ReadingFlags.InstrumentBroken)]
    [InlineData(2021, "i12002=0", ReadingFlags.InstrumentBroken)]
    [InlineData(3020, "i12002-Info=1", ReadingFlags.None)]
    [InlineData(3020, "i22101-Info=1", ReadingFlags.None)]
    [InlineData(3020, "i12002-Info=0;i22101-Info=0", ReadingFlags.None)]
    public void Status_codes_say_whether_anything_hangs_on_the_logger(int cn, string codes, ReadingFlags flags)
    {
        _rig.Say(cn, $"DataTime={Hj212Rig.Stamp(_rig.Clock.NowMs)};{codes}");
        _rig.Commit();

        var (reading, _) = Assert.Single(_rig.Readings);
        Assert.Equal((ReadingKind.Status, flags), (reading.Kind, reading.Flags));
        Assert.Contains("CN=9014", Assert.Single(_rig.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_pumps_is_answered_and_refused_to_nobody()
    {
        _rig.Say(2021, "DataTime=20260305100000;SB1-RS=1");
        _rig.Say(2081, "DataTime=20260305100000;RestartTime=20260305095959");
        _rig.Commit();

        Assert.Equal(2, _rig.Sent().Count(s => s.Contains("CN=9014", StringComparison.Ordinal)));
        Assert.Empty(_rig.Readings);
        Assert.Empty(_rig.Refused.All());
    }

    [Fact]
    public void Means_are_kept_apart_from_live_values_and_prove_no_life()
    {
        _rig.Minute(TestSite.Ten - 600_000);
        _rig.Say(2061, "DataTime=20260305090000;a34004-Avg=40,a34004-Flag=N");
        _rig.Say(2031, "DataTime=20260304000000;a34004-Avg=39,a34004-Flag=B");
        _rig.Commit();

        Assert.Equal(["dust_minute", "dust_hour", "dust_day"], _rig.Lines.Select(l => l[..l.IndexOf(',', StringComparison.Ordinal)]));
        Assert.All(_rig.Readings, r => Assert.Equal((ReadingKind.Aggregate, ReadingFlags.None), (r.Reading.Kind, r.Reading.Flags)));
        Assert.Equal([10, 60, 1_440], _rig.Readings.Select(r => (int)r.Reading.SpanMinutes));
    }

    [Fact]
    public void The_same_interval_again_is_the_same_point()
    {
        _rig.Say(2011, $"DataTime={Hj212Rig.Stamp(TestSite.Ten)};a34004-Rtd=41");
        _rig.Minute(TestSite.Ten, 40);
        _rig.Minute(TestSite.Ten, 42);
        _rig.Commit();

        Assert.Equal(_rig.Readings[1].Reading.PointAtUs, _rig.Readings[2].Reading.PointAtUs);
        Assert.Equal(TestSite.Ten * 1000, _rig.Readings[1].Reading.PointAtUs);
    }

    [Fact]
    public void A_heartbeat_is_answered_with_9013_and_is_no_measurement()
    {
        _rig.Say($"QN=20260305100000000;ST=39;CN=9015;PW=123456;MN={Hj212Rig.Mn};Flag=9;CP=&&&&");

        Assert.Equal([$"QN=20260305100000000;ST=91;CN=9013;PW=123456;MN={Hj212Rig.Mn};Flag=8;CP=&&&&"], _rig.Sent());
        _rig.Commit();
        Assert.Equal(ReadingKind.Heartbeat, Assert.Single(_rig.Readings).Reading.Kind);
        Assert.Empty(_rig.Lines);
    }

    [Fact]
    public void Packets_of_one_message_become_one_reading_and_each_is_answered()
    {
        _rig.Say(2061, "DataTime=20260305090000;a34002-Avg=86,a34002-Flag=N", "20260305100000001", 7, "PNUM=2;PNO=1;");
        Assert.Equal(0, _rig.Ingest.OpenLines);

        _rig.Say(2061, "a34004-Avg=41,a34004-Flag=N", "20260305100000001", 7, "PNUM=2;PNO=2;");
        _rig.Commit();

        Assert.Contains("pm10_ugm3=86,pm25_ugm3=41 ", Assert.Single(_rig.Lines), StringComparison.Ordinal);
        Assert.Equal(2, _rig.Sent().Count(s => s.Contains("CN=9014", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_logger_that_wants_each_packet_answered_gets_its_answer_after_two_seconds()
    {
        _rig.Say(2061, "DataTime=20260305090000;a34002-Avg=86,a34002-Flag=N", "20260305100000001", 7, "PNUM=2;PNO=1;");
        _rig.Pass(1);
        Assert.Equal(0, _rig.Ingest.OpenLines);

        _rig.Pass(1);
        _rig.Commit();

        Assert.Single(_rig.Lines);
        Assert.Single(_rig.Sent());
    }

    [Fact]
    public void A_frame_that_finds_no_room_is_offered_again_and_counted_once()
    {
        using var small = new IngestBuffer(linesBytesMax: 1);
        using var rig = new Hj212Rig(ingest: small);
        rig.Live();

        Assert.False(rig.Live(42));
        Assert.Empty(rig.Sent());
        rig.Commit();
        Assert.True(rig.Feed([]));
        rig.Commit();

        Assert.Equal(2, rig.Lines.Count);
        Assert.Equal(2, rig.Sent().Count);
        Assert.Equal(2, rig.Device.Counts["ok"]);
    }

    [Fact]
    public void Several_devices_may_come_over_one_line()
    {
        _rig.Live();
        _rig.Say($"QN=20260305100000000;ST=39;CN=2011;PW=123456;MN=OTHER1;Flag=5;CP=&&DataTime=20260305100000;a34004-Rtd=7,a34004-Flag=N&&");
        _rig.Commit();

        Assert.Equal(["dust-1", "OTHER1"], _rig.Link.Status().Select(s => s.Device));
        Assert.Equal([true, false], _rig.Link.Status().Select(s => s.Registered));
        Assert.Equal(2, _rig.Sent().Count);
    }

    [Theory]
    [InlineData("any", "standard", true)]
    [InlineData("any", "modbus", true)]
    [InlineData("any", "wrong", false)]
    [InlineData("standard", "modbus", false)]
    [InlineData("modbus", "standard", false)]
    [InlineData("modbus", "modbus", true)]
    [InlineData("none", "wrong", true)]
    public void The_ledger_says_which_checksums_a_device_may_use(string rule, string sent, bool believed)
    {
        using var rig = new Hj212Rig($", \"hj212\": {{ \"crc\": \"{rule}\" }}");
        byte[] data = Encoding.ASCII.GetBytes($"QN=20260305100000000;ST=39;CN=2011;PW=123456;MN={Hj212Rig.Mn};Flag=5;CP=&&DataTime=20260305100000;a34004-Rtd=41&&");
        ushort crc = sent switch { "standard" => Gateway.Protocols.Hj212.Hj212Crc.Standard(data), "modbus" => Gateway.Protocols.Hj212.Hj212Crc.Modbus(data), _ => 0x1100 };
        rig.Feed(Encoding.ASCII.GetBytes($"##{data.Length:D4}{Encoding.ASCII.GetString(data)}{crc:X4}\r\n"));
        rig.Commit();

        Assert.Equal(believed ? 1 : 0, rig.Sent().Count);
        Assert.Equal(believed ? 1 : 0, rig.Lines.Count);
        if (!believed) Assert.Equal(DecodeOutcome.BadFrame, Assert.Single(rig.Refused.All()).Reason);
        if (believed && sent == "wrong") Assert.Equal(1, rig.Device.Counts["crcIgnored"]);
    }

    [Fact]
    public void Every_frame_either_way_and_every_foreign_byte_stands_in_the_ring()
    {
        _rig.Feed("DTU-ID 4711"u8.ToArray());
        _rig.Live();
        _rig.Commit();
        _rig.Sent();

        var ring = _rig.Rings.Find("hj212@10.0.0.7")!;
        Assert.Equal([("foreign", (string?)null), ("ok", "dust-1"), ("ok", null)], ring.Since(0).Select(f => (f.Verdict, f.Device)));
        Assert.Equal("DTU-ID 4711", Encoding.ASCII.GetString(ring.Since(0)[0].Bytes));
    }

    [Fact]
    public void A_command_for_us_is_refused_as_unknown()
    {
        _rig.Say(1072, "NewPW=654321");

        Assert.EndsWith("CP=&&QnRtn=8&&", Assert.Single(_rig.Sent()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000)]
    public void Noise_ends_and_the_next_good_frame_is_answered(int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(212).NextBytes(noise);
        foreach (byte[] chunk in noise.Chunk(4096)) Assert.True(_rig.Feed(chunk));
        _rig.Live();
        _rig.Commit();

        Assert.Contains("CN=9014", _rig.Sent()[^1], StringComparison.Ordinal);
    }
}
