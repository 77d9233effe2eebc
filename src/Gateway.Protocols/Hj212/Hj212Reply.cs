using System.Buffers;

namespace Gateway.Protocols.Hj212;

/// <summary>
/// Writes the four replies; QN, PW and MN come back as they were sent, ST is 91, Flag keeps the edition and asks for nothing.
/// </summary>
/// <remarks>
/// <b>errors</b> a request without QN cannot be answered: <see cref="Hj212WriteVerdict.Qn"/>. A PW or MN the request did not have is
/// left out. <b>source</b> HJ 212-2017, commands 9011 to 9014.
/// </remarks>
public static class Hj212Reply
{
    /// <summary>9011: whether the request will be carried out.</summary>
    public static Hj212WriteVerdict WriteRequestAck(IBufferWriter<byte> output, in Hj212Segment request, Hj212QnRtn result) =>
        Write(output, request, Hj212Command.RequestAck, "QnRtn="u8, (int)result);

    /// <summary>9012: how the request ended.</summary>
    public static Hj212WriteVerdict WriteExecutionResult(IBufferWriter<byte> output, in Hj212Segment request, Hj212ExeRtn result) =>
        Write(output, request, Hj212Command.ExecutionResult, "ExeRtn="u8, (int)result);

    /// <summary>9013: a notification has arrived.</summary>
    public static Hj212WriteVerdict WriteNotificationAck(IBufferWriter<byte> output, in Hj212Segment notification) =>
        Write(output, notification, Hj212Command.NotificationAck, default, 0);

    /// <summary>9014: data has arrived; call it only once the data is safe, the device forgets it then.</summary>
    public static Hj212WriteVerdict WriteDataAck(IBufferWriter<byte> output, in Hj212Segment data) =>
        Write(output, data, Hj212Command.DataAck, default, 0);

    private static Hj212WriteVerdict Write(
        IBufferWriter<byte> output, in Hj212Segment request, Hj212Command command, ReadOnlySpan<byte> keyAndEquals, int code)
    {
        if (request.Qn.IsEmpty || !IsEchoable(request.Qn))
            return Hj212WriteVerdict.Qn;
        if (!IsEchoable(request.Pw))
            return Hj212WriteVerdict.Pw;
        if (!IsEchoable(request.Mn))
            return Hj212WriteVerdict.Mn;

        var frame = new Hj212Composer(output);
        frame.Pair("QN="u8, request.Qn);
        frame.Pair("ST="u8, "91"u8);
        frame.Pair("CN="u8, (int)command);
        if (request.Has(Hj212Keys.Pw) || !request.Pw.IsEmpty)
            frame.Pair("PW="u8, request.Pw);
        if (request.Has(Hj212Keys.Mn) || !request.Mn.IsEmpty)
            frame.Pair("MN="u8, request.Mn);
        frame.Pair("Flag="u8, (int)request.Version << 2);
        frame.Text("CP=&&"u8);
        if (!keyAndEquals.IsEmpty)
        {
            frame.Text(keyAndEquals);
            frame.Number(code);
        }
        frame.Text("&&"u8);
        return frame.Finish();
    }

    // What a stranger sent must not become structure in what we send.
    private static bool IsEchoable(ReadOnlySpan<byte> value) =>
        !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') && value.IndexOfAny("&#;,="u8) < 0;
}
