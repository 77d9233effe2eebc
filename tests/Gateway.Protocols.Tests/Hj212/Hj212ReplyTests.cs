using System.Buffers;
using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212ReplyTests
{
    [Theory]
    [InlineData("generated-ningbo-realtime", Hj212Command.DataAck, "generated-ningbo-data-ack")]
    [InlineData("generated-ningbo-set-interval", Hj212Command.RequestAck, "generated-ningbo-request-ack")]
    [InlineData("generated-ningbo-set-interval", Hj212Command.ExecutionResult, "generated-ningbo-execution-result")]
    [InlineData("generated-ningbo-time-sync-request", Hj212Command.NotificationAck, "generated-ningbo-notification-ack")]
    public void Reply_is_the_stated_vector(string request, Hj212Command command, string reply)
    {
        var data = Hj212Case.Frame(request).AsSpan()[6..^4];

        Assert.Equal(Hj212Text.Ascii(Hj212Case.Frame(reply)) + "\r\n", Reply(data, command, out _));
    }

    [Fact]
    public void A_heartbeat_of_2025_is_answered_as_a_notification_of_its_edition()
    {
        const string Heartbeat = "QN=20220315101600000;ST=39;CN=9015;PW=123456;MN=NB0203000000000000000001;Flag=9;CP=&&&&";
        var written = Reply(Encoding.ASCII.GetBytes(Heartbeat), Hj212Command.NotificationAck, out _);

        Assert.Equal("QN=20220315101600000;ST=91;CN=9013;PW=123456;MN=NB0203000000000000000001;Flag=8;CP=&&&&", written[6..^6]);
    }

    [Theory]
    [InlineData("QN=1;PW=a;MN=b;Flag=1;CP=&&&&", "QN=1;ST=91;CN=9014;PW=a;MN=b;Flag=0;CP=&&&&")]
    [InlineData("QN=1;PW=a;MN=b;Flag=7;CP=&&&&", "QN=1;ST=91;CN=9014;PW=a;MN=b;Flag=4;CP=&&&&")]
    [InlineData("QN=1;PW=a;MN=b;Flag=9;CP=&&&&", "QN=1;ST=91;CN=9014;PW=a;MN=b;Flag=8;CP=&&&&")]
    [InlineData("QN=201909262113836CST;MN=;Flag=5;CP=&&&&", "QN=201909262113836CST;ST=91;CN=9014;MN=;Flag=4;CP=&&&&")]
    public void Reply_keeps_the_edition_and_echoes_what_was_there(string data, string reply)
    {
        var written = Reply(Encoding.ASCII.GetBytes(data), Hj212Command.DataAck, out var verdict);

        Assert.Equal(Hj212WriteVerdict.Written, verdict);
        Assert.Equal(reply, written[6..^6]);
    }

    [Theory]
    [InlineData("PW=a;MN=b;Flag=5;CP=&&&&", Hj212WriteVerdict.Qn)]
    [InlineData("QN=;MN=b;Flag=5;CP=&&&&", Hj212WriteVerdict.Qn)]
    [InlineData("QN=1#;MN=b;Flag=5;CP=&&&&", Hj212WriteVerdict.Qn)]
    [InlineData("QN=1;PW=a\n;Flag=5;CP=&&&&", Hj212WriteVerdict.Pw)]
    [InlineData("QN=1;MN=a&&1C80;Flag=5;CP=&&&&", Hj212WriteVerdict.Mn)]
    public void Request_that_cannot_be_echoed_gets_no_reply(string data, Hj212WriteVerdict verdict)
    {
        Assert.Equal("", Reply(Encoding.ASCII.GetBytes(data), Hj212Command.DataAck, out var said));
        Assert.Equal(verdict, said);
    }

    [Fact]
    public void Echo_over_the_limit_gets_no_reply()
    {
        Assert.Equal("", Reply(Encoding.ASCII.GetBytes($"QN={new string('1', 1000)};CP=&&&&"), Hj212Command.DataAck, out var said));
        Assert.Equal(Hj212WriteVerdict.TooLong, said);
    }

    private static string Reply(ReadOnlySpan<byte> data, Hj212Command command, out Hj212WriteVerdict verdict)
    {
        var output = new ArrayBufferWriter<byte>();
        var request = Hj212Segment.Parse(data);
        verdict = command switch
        {
            Hj212Command.RequestAck => Hj212Reply.WriteRequestAck(output, request, Hj212QnRtn.Ready),
            Hj212Command.ExecutionResult => Hj212Reply.WriteExecutionResult(output, request, Hj212ExeRtn.Ok),
            Hj212Command.NotificationAck => Hj212Reply.WriteNotificationAck(output, request),
            _ => Hj212Reply.WriteDataAck(output, request),
        };
        return Hj212Text.Ascii(output.WrittenSpan);
    }
}
