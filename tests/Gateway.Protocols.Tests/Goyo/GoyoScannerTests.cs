using System.Buffers;
using Gateway.Protocols.Goyo;
using Xunit;

namespace Gateway.Protocols.Tests.Goyo;

public class GoyoScannerTests
{
    private static readonly HexCases Cases = new("Goyo");
    private static readonly byte[] Realtime = Cases.Frame("generated-021303-realtime");
    private static readonly byte[] Realtime01 = Cases.Frame("vendor-01-realtime");

    [Fact]
    public void A_length_that_lies_is_told_and_the_frame_is_read_all_the_same()
    {
        foreach (int length in (int[])[0, 1, 68, 70, 500, 65_535])
        {
            byte[] lying = [.. Realtime];
            (lying[6], lying[7]) = ((byte)length, (byte)(length >> 8));
            var scan = GoyoScanner.Read(lying);
            Assert.Equal((OperationStatus.Done, GoyoLengthVerdict.Lies), (scan.Status, scan.Frame.Length));
            Assert.Equal(Realtime[8..^4], scan.Frame.Payload.ToArray());
        }
    }

    [Fact]
    public void A_wrong_checksum_is_dropped_with_its_reason_and_the_next_frame_is_found()
    {
        byte[] wrong = [.. Realtime];
        wrong[20] ^= 1;
        var receiver = GoyoReceiver.After([.. wrong, .. Realtime]);
        Assert.Equal(["ChecksumWrong 81", GoyoText.Of(GoyoScanner.Read(Realtime).Frame)], receiver.Events);
    }

    [Fact]
    public void A_checksum_of_another_kind_is_wrong()
    {
        // CRC-16/CCITT-FALSE, which starts at FFFF, is what firmware mixes up with XMODEM.
        ushort crc = 0xFFFF;
        foreach (byte b in Realtime.AsSpan()[8..^4])
        {
            crc ^= (ushort)(b << 8);
            for (int bit = 0; bit < 8; bit++) crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }
        byte[] wrong = [.. Realtime[..^4], (byte)crc, (byte)(crc >> 8), 0xEE, 0xFF];
        Assert.Equal(["ChecksumWrong 81"], GoyoReceiver.After(wrong).Events);
    }

    [Fact]
    public void A_torn_frame_holds_nothing_back()
    {
        var receiver = GoyoReceiver.After([.. Realtime[..40], .. Realtime]);
        Assert.Equal(["Truncated 40", GoyoText.Of(GoyoScanner.Read(Realtime).Frame)], receiver.Events);
        var other = GoyoReceiver.After([.. Realtime01[..30], .. Realtime01]);
        Assert.Equal(["NoTail 30", GoyoText.Of(GoyoScanner.Read(Realtime01).Frame)], other.Events);
    }

    [Fact]
    public void Header_and_tail_inside_a_payload_are_payload()
    {
        byte[] payload = [.. "TC000001"u8, 0xA5, 0x5A, 0x02, 0x13, 0x03, 0x01, 0xEE, 0xFF, 0xEE, 0xFF, 1, 2];
        ushort crc = GoyoChecksum.Xmodem(payload);
        byte[] frame = [0xA5, 0x5A, 2, 0x13, 3, 0x0C, (byte)payload.Length, 0, .. payload, (byte)crc, (byte)(crc >> 8), 0xEE, 0xFF];
        var scan = GoyoScanner.Read(frame);
        Assert.Equal((OperationStatus.Done, GoyoLengthVerdict.Exact), (scan.Status, scan.Frame.Length));
        Assert.Equal(payload, scan.Frame.Payload.ToArray());
    }

    [Fact]
    public void Foreign_bytes_of_a_shared_line_are_skipped_and_counted()
    {
        byte[] foreign = [.. "AAAABBBB"u8, .. "!063.5dB\r\n"u8, 0xAA, 0xCC, 0x33, 0xC3, 0x3C, 0x7E, 0xA5];
        var receiver = GoyoReceiver.After([.. foreign, .. Realtime, .. foreign, .. Realtime01]);
        Assert.Equal(2, receiver.Events.Count);
        Assert.Equal(2 * foreign.Length, receiver.Skipped);
        Assert.Equal(0, receiver.Dropped);
    }

    [Fact]
    public void An_unknown_version_is_skipped_with_that_reason()
    {
        byte[] frame = [0x7E, 0x7E, 0x0E, 0x00, .. new byte[20], 0x11, 0x7D, 0x7D];
        Assert.Equal([$"UnknownVersion {frame.Length}", GoyoText.Of(GoyoScanner.Read(Realtime01).Frame)], GoyoReceiver.After([.. frame, .. Realtime01]).Events);
    }

    [Theory]
    [InlineData(0x00, GoyoChecksumVerdict.LeftZero)]
    [InlineData(0x36, GoyoChecksumVerdict.Right)]
    public void Version_01_may_leave_the_checksum_zero(byte checksum, GoyoChecksumVerdict verdict)
    {
        byte[] frame = [.. Realtime01];
        frame[^3] = checksum;
        Assert.Equal(verdict, GoyoScanner.Read(frame).Frame.Checksum);
    }

    [Fact]
    public void Version_01_with_another_checksum_is_dropped()
    {
        byte[] frame = [.. Realtime01];
        frame[^3] = 0x35;
        Assert.Equal(["ChecksumWrong 66"], GoyoReceiver.After(frame).Events);
    }

    [Fact]
    public void A_version_11_answer_is_as_long_as_its_length_field_says()
    {
        byte[] answer = new byte[GoyoWriter.AnswerBytesMax];
        int length = GoyoWriter.HeartbeatAnswer(answer, GoyoVersion.V11, clock: null);
        var scan = GoyoScanner.Read(answer.AsSpan(0, length));
        Assert.Equal((OperationStatus.Done, 10), (scan.Status, scan.Consumed));
        Assert.False(GoyoHeartbeat.TryRead(scan.Frame, out _, out _));
    }

    [Fact]
    public void A_frame_that_never_ends_is_given_up_at_the_longest_length()
    {
        byte[] endless = [0xA5, 0x5A, 2, 0x13, 3, 1, 0, 0, .. Enumerable.Repeat((byte)'x', 2_000)];
        var receiver = GoyoReceiver.After([.. endless, .. Realtime]);
        Assert.Equal($"NoTail {GoyoLimits.FrameBytesMax}", receiver.Events[0]);
        Assert.Equal(GoyoText.Of(GoyoScanner.Read(Realtime).Frame), receiver.Events[^1]);
    }
}
