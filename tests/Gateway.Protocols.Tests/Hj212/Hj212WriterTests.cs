using System.Buffers;
using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212WriterTests
{
    public static TheoryData<string> WritableNames =>
    [
        .. Hj212Case.Names.Where(n => n.StartsWith("generated", StringComparison.Ordinal)),
        "real-dust-all-factors-without-flags",
        "real-standard-annex-example",
    ];

    [Theory]
    [MemberData(nameof(WritableNames))]
    public void What_was_read_is_written_byte_for_byte(string name)
    {
        var frame = Hj212Case.Frame(name);
        var output = new ArrayBufferWriter<byte>();

        Assert.Equal(Hj212WriteVerdict.Written, Hj212Writer.Write(output, Hj212Segment.Parse(frame.AsSpan()[6..^4])));
        Assert.Equal([.. frame, .. "\r\n"u8], output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("QN=20220315101500;ST=39;CN=2011;PW=1;MN=1;Flag=4;CP=&&&&", Hj212WriteVerdict.Qn)]
    [InlineData("QN=20221315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=4;CP=&&&&", Hj212WriteVerdict.Qn)]
    [InlineData("QN=20220315101500123;ST=3;CN=2011;PW=1;MN=1;Flag=4;CP=&&&&", Hj212WriteVerdict.St)]
    [InlineData("QN=20220315101500123;ST=39;CN=11;PW=1;MN=1;Flag=4;CP=&&&&", Hj212WriteVerdict.Cn)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1234567;MN=1;Flag=4;CP=&&&&", Hj212WriteVerdict.Pw)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=;Flag=4;CP=&&&&", Hj212WriteVerdict.Mn)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1234567890123456789012345;Flag=4;CP=&&&&", Hj212WriteVerdict.Mn)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=a#;Flag=4;CP=&&&&", Hj212WriteVerdict.Mn)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;CP=&&&&", Hj212WriteVerdict.Flag)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=6;CP=&&&&", Hj212WriteVerdict.Packet)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=6;PNUM=1;PNO=2;CP=&&&&", Hj212WriteVerdict.Packet)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=4;PNUM=1;PNO=1;CP=&&&&", Hj212WriteVerdict.Packet)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=4;CP=&&a##0101&&", Hj212WriteVerdict.Cp)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=4;CP=&&a=\n&&", Hj212WriteVerdict.Cp)]
    [InlineData("QN=20220315101500123;ST=39;CN=2011;PW=1;MN=1;Flag=4;CP=&&a=1&b&&", Hj212WriteVerdict.Written)]
    public void What_the_standard_forbids_is_refused_by_field(string data, Hj212WriteVerdict verdict)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Equal(verdict, Hj212Writer.Write(output, Hj212Segment.Parse(Encoding.ASCII.GetBytes(data))));
        Assert.Equal(verdict == Hj212WriteVerdict.Written, output.WrittenCount > 0);
    }

    [Theory]
    [InlineData("DayData=1", Hj212WriteVerdict.Written)]
    [InlineData("a&&b", Hj212WriteVerdict.Cp)]
    [InlineData("a&", Hj212WriteVerdict.Cp)]
    public void Data_area_may_not_close_itself(string cp, Hj212WriteVerdict verdict) => Assert.Equal(verdict, WriteCp(cp));

    [Theory]
    [InlineData(Hj212Limits.CpBytesMax - 24, Hj212WriteVerdict.Written)]
    [InlineData(Hj212Limits.CpBytesMax + 1, Hj212WriteVerdict.Cp)]
    [InlineData(Hj212Limits.CpBytesMax, Hj212WriteVerdict.TooLong)]
    public void Frame_over_the_limit_of_the_standard_is_refused(int cpBytes, Hj212WriteVerdict verdict) =>
        Assert.Equal(verdict, WriteCp(new string('x', cpBytes)));

    private static Hj212WriteVerdict WriteCp(string cp) => Hj212Writer.Write(new ArrayBufferWriter<byte>(), new Hj212Segment
    {
        Qn = "20220315101500123"u8,
        St = "39"u8,
        Cn = Hj212Command.MinuteData,
        Pw = "123456"u8,
        Mn = "NB0203000000000000000001"u8,
        Flag = 5,
        Cp = Encoding.ASCII.GetBytes(cp),
    });
}
