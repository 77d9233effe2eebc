using System.Text;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Hj212;

namespace FirmwareSim.Tests.Wire;

public sealed class Hj212FrameTests
{
    [Theory]
    [InlineData("", 0xFFFF)]
    [InlineData("123456789", 0x2F80)]
    [InlineData("QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&", 0x1C80)]
    public void The_checksum_is_that_of_the_standard_and_not_of_Modbus(string data, int expected) =>
        Assert.Equal(expected, Hj212Crc.Compute(Encoding.ASCII.GetBytes(data)));

    [Theory]
    [InlineData("##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80")]
    [InlineData("##0087QN=20220315101500123;ST=91;CN=9014;PW=123456;MN=NB0203000000000000000001;Flag=4;CP=&&&&F141")]
    [InlineData("##0094QN=20220315080000000;ST=91;CN=9011;PW=123456;MN=NB0203000000000000000001;Flag=4;CP=&&QnRtn=1&&C5C1")]
    [InlineData("##0116QN=20220814021304000;ST=22;CN=2011;PW=123456;MN=;Flag=5;CP=&&DataTime=20220814021304;a50001-Rtd=0.00,a50001-Flag=B&&06C0")]
    [InlineData("##0091QN=20180904160638000;ST=39;CN=2011;PW=123456;USCC=91440101MA59F70720;IMEI=867732039951777&&B8C1")]
    public void Wrapping_a_data_segment_gives_the_published_frame(string frame) =>
        Assert.Equal(frame + "\r\n", Encoding.ASCII.GetString(Hj212Frame.Wrap(frame[6..^4])));

    [Fact]
    public void A_real_time_report_is_the_published_one_byte_by_byte()
    {
        Factor[] factors =
        [
            new("a34001", "186"), new("a34002", "92"), new("a34004", "41"), new("LA", "63.5"), new("a01001", "14.2"),
            new("a01002", "57.0"), new("a01006", "101.8"), new("a01007", "2.4"), new("a01008", "135"),
        ];
        byte[] frame = Hj212Frame.RealTimeReport("20220315101500123", "123456", "NB0203000000000000000001", factors);
        Assert.Equal(
            "##0366QN=20220315101500123;ST=39;CN=2011;PW=123456;MN=NB0203000000000000000001;Flag=5;CP=&&DataTime=20220315101500;"
            + "a34001-Rtd=186,a34001-Flag=N;a34002-Rtd=92,a34002-Flag=N;a34004-Rtd=41,a34004-Flag=N;LA-Rtd=63.5,LA-Flag=N;"
            + "a01001-Rtd=14.2,a01001-Flag=N;a01002-Rtd=57.0,a01002-Flag=N;a01006-Rtd=101.8,a01006-Flag=N;a01007-Rtd=2.4,a01007-Flag=N;"
            + "a01008-Rtd=135,a01008-Flag=N&&56C0\r\n",
            Encoding.ASCII.GetString(frame));
    }

    [Fact]
    public void The_monitor_reports_the_eight_factors_of_the_contract()
    {
        var sample = new DustSample(186.4, 92.4, 40.6, 63.52, 14.2, 57, 2.44, 135, 101.8, 12000, 0);
        Assert.Equal(
            ["a34001=186", "a34002=92", "a34004=41", "LA=63.5", "a01001=14.2", "a01002=57.0", "a01007=2.4", "a01008=135"],
            DustFactors.Of(sample).Select(f => $"{f.Code}={f.Value}"));
    }

    [Fact]
    public void The_request_number_is_Beijing_time_to_the_millisecond() =>
        Assert.Equal("20220315101500123", Hj212Frame.RequestNumber(new DateTimeOffset(2022, 3, 15, 2, 15, 0, 123, TimeSpan.Zero)));
}
