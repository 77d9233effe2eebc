using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212SegmentTests
{
    [Theory]
    [InlineData("CP=&&QnRtn=1&&", true, 1)]
    [InlineData("CP=&&ExeRtn=100;QnRtn=2&&", true, 2)]
    [InlineData("CP=&&qnrtn=8&&", true, 8)]
    [InlineData("CP=&&QnRtn=&&", false, 0)]
    [InlineData("CP=&&QnRtn=1x&&", false, 1)]
    [InlineData("CP=&&&&", false, 0)]
    public void A_plain_number_is_found_by_its_name(string data, bool found, int value)
    {
        Assert.Equal(found, Parse(data).TryGetNumber("QnRtn"u8, out var number));
        Assert.Equal(value, number);
    }

    [Theory]
    [InlineData("Flag=5 ;CP=&&&&", 5)]
    [InlineData("flag=4;CP=&&&&", 4)]
    [InlineData("FLAG = 0;CP=&&&&", 0)]
    [InlineData("CP=&&Flag=5;DataTime=20220101000000&&", 5)]
    [InlineData("CP=&&DataTime=20220101000000;a34004-Rtd=1,a34004-Flag=N;flag=9 ;&&", 9)]
    [InlineData("Flag=4;CP=&&Flag=7&&", 4)]
    [InlineData("CP=&&a34004-Flag=5&&", null)]
    [InlineData("Flag=;CP=&&&&", null)]
    [InlineData("Flag=N;CP=&&&&", null)]
    [InlineData("Flag=256;CP=&&&&", null)]
    [InlineData("Flag=-1;CP=&&&&", null)]
    public void Flag_is_read_wherever_it_stands(string data, int? flag) => Assert.Equal(flag, Parse(data).Flag);

    [Theory]
    [InlineData(0, false, false, Hj212Version.Hjt212Of2005)]
    [InlineData(3, true, true, Hj212Version.Hjt212Of2005)]
    [InlineData(4, false, false, Hj212Version.Hj212Of2017)]
    [InlineData(5, true, false, Hj212Version.Hj212Of2017)]
    [InlineData(7, true, true, Hj212Version.Hj212Of2017)]
    [InlineData(8, false, false, Hj212Version.Hj212Of2025)]
    [InlineData(9, true, false, Hj212Version.Hj212Of2025)]
    public void Flag_says_ack_split_and_edition(int flag, bool ack, bool split, Hj212Version version)
    {
        var segment = Parse($"Flag={flag};CP=&&&&");

        Assert.Equal((ack, split, version), (segment.WantsAck, segment.IsSplit, segment.Version));
    }

    [Fact]
    public void Missing_flag_asks_for_nothing_and_means_2005()
    {
        var segment = Parse("ST=39;CP=&&&&");

        Assert.Equal((false, false, Hj212Version.Hjt212Of2005), (segment.WantsAck, segment.IsSplit, segment.Version));
        Assert.Equal(Hj212Keys.St | Hj212Keys.Cp, segment.Present);
    }

    [Fact]
    public void Keys_may_come_in_any_case_and_order_with_spaces()
    {
        var segment = Parse("st=A1; mn = X1 ;cn=2011;Pno=2;pnum=3;qn=20180507000558;cp=&&a34004-Rtd=1;&&");

        Assert.Equal("A1", Hj212Text.Ascii(segment.St));
        Assert.Equal("X1", Hj212Text.Ascii(segment.Mn));
        Assert.Equal("20180507000558", Hj212Text.Ascii(segment.Qn));
        Assert.Equal(Hj212Command.RealTimeData, segment.Cn);
        Assert.Equal((3, 2), (segment.Pnum, segment.Pno));
        Assert.Equal("a34004-Rtd=1;", Hj212Text.Ascii(segment.Cp));
        Assert.Equal(Hj212Problem.None, segment.Problems);
    }

    [Theory]
    [InlineData("", Hj212Problem.NotClosed)]
    [InlineData("&&", Hj212Problem.None)]
    [InlineData(";;;&&", Hj212Problem.None)]
    [InlineData("CN=20x1;CP=&&&&", Hj212Problem.CnNotANumber)]
    [InlineData("CN=20110;CP=&&&&", Hj212Problem.CnNotANumber)]
    [InlineData("Flag=N;CP=&&&&", Hj212Problem.FlagNotANumber)]
    [InlineData("PNUM=a;CP=&&&&", Hj212Problem.PacketNotANumber)]
    [InlineData("MN=1;MN=2;CP=&&&&", Hj212Problem.KeyTwice)]
    [InlineData("IMEI=1&&", Hj212Problem.ForeignKey)]
    [InlineData("hello;CP=&&&&", Hj212Problem.ForeignKey)]
    [InlineData("CP=&&Flag=5&&", Hj212Problem.FlagInsideCp)]
    [InlineData("CP=&&Flag=N&&", Hj212Problem.FlagInsideCp | Hj212Problem.FlagNotANumber)]
    [InlineData("CP=&&a=1", Hj212Problem.NotClosed)]
    [InlineData("CP=&&a=1&&b=2&&", Hj212Problem.TextAfterCp)]
    public void What_a_segment_breaks_is_named(string data, Hj212Problem problems) => Assert.Equal(problems, Parse(data).Problems);

    [Fact]
    public void First_of_two_equal_keys_counts() => Assert.Equal("1", Hj212Text.Ascii(Parse("MN=1;MN=2;CP=&&&&").Mn));

    [Theory]
    [InlineData("CP=&&DataTime=20210305003817000;a=1&&", Hj212TimeVerdict.Ok)]
    [InlineData("CP=&&a-Rtd=1;DATATIME=20210305003817&&", Hj212TimeVerdict.Ok)]
    [InlineData("CP=&&DataTime=&&", Hj212TimeVerdict.Missing)]
    [InlineData("CP=&&&&", Hj212TimeVerdict.Missing)]
    [InlineData("ST=39&&", Hj212TimeVerdict.Missing)]
    [InlineData("CP=&&DataTime=2021-03-05 00:38&&", Hj212TimeVerdict.NotDigits)]
    public void Data_time_is_found_in_the_data_area(string data, Hj212TimeVerdict verdict) =>
        Assert.Equal(verdict, Parse(data).ReadDataTime(out _));

    private static Hj212Segment Parse(string data) => Hj212Segment.Parse(Encoding.ASCII.GetBytes(data));
}
