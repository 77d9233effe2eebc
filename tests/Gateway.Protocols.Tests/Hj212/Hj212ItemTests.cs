using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212ItemTests
{
    [Theory]
    [InlineData("a34004-Rtd=1", "0:a34004:Rtd:1:None")]
    [InlineData("a34004-Rtd=1,a34004-Flag=N", "0:a34004:Rtd:1:N 0:a34004:Flag:N:N")]
    [InlineData("a34004-Flag=d,A34004-RTD=1", "0:a34004:Flag:d:D 0:A34004:Rtd:1:D")]
    [InlineData("a-Rtd=1,a-Flag=N,b-Rtd=2,b-Flag=B", "0:a:Rtd:1:N 0:a:Flag:N:N 0:b:Rtd:2:B 0:b:Flag:B:B")]
    [InlineData("a=1,a-Flag=B;a=2", "0:a:None:1:B 0:a:Flag:B:B 1:a:None:2:None")]
    [InlineData("a-Rtd=1,b-Flag=N", "0:a:Rtd:1:None 0:b:Flag:N:N")]
    [InlineData("a-Min=1,a-Avg=2,a-Max=3,a-Cou=4", "0:a:Min:1:None 0:a:Avg:2:None 0:a:Max:3:None 0:a:Cou:4:None")]
    [InlineData("Leq-Data=1;Leq-DayData=2;Leq-NightData=3", "0:Leq:Data:1:None 1:Leq:DayData:2:None 2:Leq:NightData:3:None")]
    [InlineData("a-SampleTime=20220101000000", "0:a:SampleTime:20220101000000:None")]
    [InlineData("a-ZsRtd=1,a-Flag=T", "0:a:Other:1:T 0:a:Flag:T:T")]
    [InlineData("LA-Rtd-Rtd=50", "0:LA:Rtd:50:None")]
    [InlineData("a-Rtd=-3.5", "0:a:Rtd:-3.5:None")]
    [InlineData("a-Flag=Z", "0:a:Flag:Z:Other")]
    [InlineData("a-Flag=NN", "0:a:Flag:NN:Other")]
    [InlineData("a-Flag=", "0:a:Flag::None")]
    [InlineData("RtdInterval=60", "0:RtdInterval:None:60:None")]
    [InlineData(" a-Rtd = 1 , a-Flag=N ;", "0:a:Rtd:1:N 0:a:Flag:N:N")]
    [InlineData(";;a-Rtd=1;,;b-Rtd=2;", "0:a:Rtd:1:None 2:b:Rtd:2:None")]
    [InlineData("no-sign;a=1", "0:no-sign:None::None 1:a:None:1:None")]
    [InlineData("", "")]
    public void Data_area_is_read_value_by_value(string cp, string expected)
    {
        var seen = new List<string>();
        foreach (var item in new Hj212ItemReader(Encoding.ASCII.GetBytes(cp)))
            seen.Add($"{item.Group}:{Hj212Text.Ascii(item.Code)}:{item.Suffix}:{Hj212Text.Ascii(item.Value)}:{item.Flag}");

        Assert.Equal(expected, string.Join(' ', seen));
    }

    [Theory]
    [InlineData("186", true, 186)]
    [InlineData("-3.50", true, -3.5)]
    [InlineData("", false, 0)]
    [InlineData("-", false, 0)]
    [InlineData("1.2ug", false, 0)]
    [InlineData("NaN", false, 0)]
    [InlineData("Infinity", false, 0)]
    [InlineData("1e999", false, 0)]
    public void Number_is_finite_and_whole_or_refused(string value, bool ok, double number)
    {
        Assert.Equal(ok, First($"a-Rtd={value}").TryGetNumber(out var read));
        Assert.True(!ok || read == number);
    }

    [Theory]
    [InlineData("i22001-Info=3", true, Hj212Status.Logger, 3)]
    [InlineData("I12002-Info=1", true, Hj212Status.InstrumentLink, 1)]
    [InlineData("i22101-Info=2", true, Hj212Status.Channel, 2)]
    [InlineData("i99999-Info=0", false, default(Hj212Status), 0)]
    [InlineData("i33333-Info=0", true, (Hj212Status)33333, 0)]
    [InlineData("i2200-Info=0", false, default(Hj212Status), 0)]
    [InlineData("a34004-Rtd=3", false, default(Hj212Status), 0)]
    [InlineData("i22001-Info=x", false, Hj212Status.Logger, 0)]
    public void Status_code_is_i_and_five_digits(string cp, bool ok, Hj212Status status, int state)
    {
        Assert.Equal(ok, First(cp).TryGetStatus(out var code, out var read));
        Assert.Equal((status, state), (code, read));
    }

    [Fact]
    public void Text_without_equals_sign_is_shown_and_marked() => Assert.False(First("garbage").HasValue);

    [Fact]
    public void Suffix_keeps_its_spelling() => Assert.Equal("ZsAvg", Hj212Text.Ascii(First("a-ZsAvg=1").SuffixText));

    private static Hj212Item First(string cp)
    {
        var reader = new Hj212ItemReader(Encoding.ASCII.GetBytes(cp));
        Assert.True(reader.MoveNext());
        return reader.Current;
    }
}
