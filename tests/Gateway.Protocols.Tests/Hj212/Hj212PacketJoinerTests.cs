using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212PacketJoinerTests
{
    private readonly Hj212PacketJoiner _joiner = new();

    [Fact]
    public void Two_packets_become_one_data_area_whatever_their_order()
    {
        Assert.Equal(Hj212JoinVerdict.Held, Offer(2, 2, "a34004-Avg=41,a34004-Flag=N"));
        Assert.Equal(Hj212JoinVerdict.Whole, Offer(2, 1, "DataTime=20220315100000;a34002-Avg=86,a34002-Flag=N;"));

        Assert.Equal("DataTime=20220315100000;a34002-Avg=86,a34002-Flag=N;a34004-Avg=41,a34004-Flag=N", Joined());
    }

    [Fact]
    public void A_packet_that_comes_again_replaces_itself()
    {
        Offer(3, 1, "DataTime=20220315100000;a=1");
        Offer(3, 1, "DataTime=20220315100000;a=2");

        Assert.Equal(1, _joiner.Held);
        Assert.Equal("DataTime=20220315100000;a=2", Joined());
    }

    [Fact]
    public void Numbered_records_of_a_history_answer_are_messages_of_their_own()
    {
        Assert.Equal(Hj212JoinVerdict.Held, Offer(2, 1, "DataTime=20220315100000;a34002-Avg=86"));
        Assert.Equal(Hj212JoinVerdict.EndFirst, Offer(2, 2, "DataTime=20220315101000;a34002-Avg=87"));

        Assert.Equal("DataTime=20220315100000;a34002-Avg=86", Joined());
    }

    [Theory]
    [InlineData("20220315100000002", 2)]
    [InlineData("20220315100000001", 3)]
    public void Another_request_number_or_count_is_another_message(string qn, int pnum)
    {
        Offer(2, 1, "DataTime=20220315100000;a=1");

        Assert.Equal(Hj212JoinVerdict.EndFirst, Offer(pnum, 2, "b=2", qn));
    }

    [Fact]
    public void A_whole_message_does_not_overtake_the_packets_of_its_command_before_it()
    {
        Offer(2, 1, "DataTime=20220315100000;a=1");

        Assert.Equal(Hj212JoinVerdict.EndFirst, _joiner.Offer(Segment("QN=3;CN=2061;Flag=5;CP=&&a=3&&")));
        Assert.Equal(Hj212JoinVerdict.Alone, _joiner.Offer(Segment("QN=3;CN=2011;Flag=5;CP=&&a=3&&")));
    }

    [Theory]
    [InlineData("QN=1;CN=2061;Flag=5;CP=&&a=1&&")]
    [InlineData("QN=1;CN=2061;Flag=7;PNUM=1;PNO=1;CP=&&a=1&&")]
    [InlineData("QN=1;CN=2061;Flag=7;CP=&&a=1&&")]
    [InlineData("QN=1;CN=2061;Flag=7;PNUM=2;PNO=3;CP=&&a=1&&")]
    [InlineData("QN=1;CN=2061;Flag=7;PNUM=2;PNO=0;CP=&&a=1&&")]
    [InlineData("QN=1;CN=2061;Flag=7;PNUM=17;PNO=1;CP=&&a=1&&")]
    public void What_is_not_one_of_a_few_packets_stands_alone(string data) => Assert.Equal(Hj212JoinVerdict.Alone, _joiner.Offer(Segment(data)));

    [Fact]
    public void After_clearing_nothing_of_the_message_is_left()
    {
        Offer(2, 1, "DataTime=20220315100000;a=1");
        _joiner.Clear();

        Assert.Equal(0, _joiner.Held);
        Assert.Equal("", Joined());
        Assert.Equal(Hj212JoinVerdict.Held, Offer(2, 1, "DataTime=20220315110000;b=1"));
    }

    private Hj212JoinVerdict Offer(int pnum, int pno, string cp, string qn = "20220315100000001") =>
        _joiner.Offer(Segment($"QN={qn};ST=39;CN=2061;PW=123456;MN=m;Flag=7;PNUM={pnum};PNO={pno};CP=&&{cp}&&"));

    private static Hj212Segment Segment(string data) => Hj212Segment.Parse(Encoding.ASCII.GetBytes(data));

    private string Joined() => Encoding.ASCII.GetString(_joiner.Join());
}
