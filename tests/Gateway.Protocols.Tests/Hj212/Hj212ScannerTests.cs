using System.Buffers;
using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212ScannerTests
{
    private const string Annex = "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("")]
    public void Line_end_may_be_anything_and_is_not_foreign(string end)
    {
        var receiver = Received($"##0101{Annex}1C80{end}##0101{Annex}1c80{end}");

        Assert.Equal([$"Standard Exact {Annex}", $"Standard Exact {Annex}"], receiver.Events);
        Assert.Equal(0, receiver.Skipped);
    }

    [Fact]
    public void Frame_is_handed_over_before_its_line_end_arrives() =>
        Assert.Equal([$"Standard Exact {Annex}"], Received($"##0101{Annex}1C80").Events);

    [Theory]
    [InlineData("0000", Hj212LengthVerdict.DeclaredTooShort)]
    [InlineData("0100", Hj212LengthVerdict.DeclaredTooShort)]
    [InlineData("0102", Hj212LengthVerdict.DeclaredTooLong)]
    [InlineData("9999", Hj212LengthVerdict.DeclaredTooLong)]
    public void Lying_length_is_named_and_the_frame_is_found_at_its_tail(string length, Hj212LengthVerdict verdict) =>
        Assert.Equal([$"Standard {verdict} {Annex}"], Received($"##{length}{Annex}1C80\r\n").Events);

    [Fact]
    public void Factor_code_that_looks_like_a_crc_behind_the_opening_marks_does_not_end_the_frame() =>
        Assert.Equal(["Wrong DeclaredTooShort CP=&&a34004-Rtd=1&&"], Received("##0005CP=&&a34004-Rtd=1&&0000\r\n").Events);

    [Fact]
    public void Registration_bytes_before_a_frame_are_skipped_and_counted_without_line_ends()
    {
        var receiver = Received($"DTU-0042\r\n\0\0##12##0101{Annex}1C80\r\nping\n");

        Assert.Equal([$"Standard Exact {Annex}"], receiver.Events);
        Assert.Equal("DTU-0042".Length + 2 + "##12".Length + "ping".Length, receiver.Skipped);
        Assert.Equal(0, receiver.Kept);
    }

    [Fact]
    public void Truncated_frame_is_dropped_at_the_next_header_and_the_next_frame_is_whole() =>
        Assert.Equal(["Truncated 16", $"Standard Exact {Annex}"], Received($"##0101QN=2016080##0101{Annex}1C80\r\n").Events);

    [Fact]
    public void Frame_cut_inside_its_crc_is_dropped_at_the_next_header() =>
        Assert.Equal(
            [$"Truncated {6 + Annex.Length + 2}", $"Standard Exact {Annex}"],
            Received($"##0101{Annex}1C##0101{Annex}1C80").Events);

    [Fact]
    public void Segment_without_closing_marks_is_believed_when_length_and_crc_agree()
    {
        var data = Annex[..^2];
        var crc = Hj212Crc.Standard(Encoding.ASCII.GetBytes(data)).ToString("X4", null);

        Assert.Equal([$"Standard Exact {data}"], Received($"##0099{data}{crc}\r\n").Events);
        Assert.Equal([$"Truncated 111", $"Standard Exact {Annex}"], Received($"##0099{data}0000\r\n##0101{Annex}1C80\r\n").Events);
    }

    [Fact]
    public void Frame_without_end_is_dropped_at_the_limit_and_the_next_frame_is_found()
    {
        var receiver = Received($"##9999{new string('x', 9000)}##0101{Annex}1C80");

        Assert.Equal([$"TooLong {Hj212Limits.FrameBytesMax}", $"Standard Exact {Annex}"], receiver.Events);
        Assert.Equal(9006 - Hj212Limits.FrameBytesMax, receiver.Skipped);
    }

    [Fact]
    public void Header_across_the_limit_survives_the_drop()
    {
        var receiver = Received($"##9999{new string('x', Hj212Limits.FrameBytesMax - 9)}##0101{Annex}1C80");

        Assert.Equal([$"TooLong {Hj212Limits.FrameBytesMax - 3}", $"Standard Exact {Annex}"], receiver.Events);
    }

    [Theory]
    [InlineData(1025)]
    [InlineData(1623)]
    [InlineData(Hj212Limits.FrameBytesMax - 10)]
    public void Segment_over_the_limit_of_the_standard_is_read_and_marked(int length)
    {
        var data = $"CP=&&{new string('x', length - 7)}&&";
        var crc = Hj212Crc.Standard(Encoding.ASCII.GetBytes(data)).ToString("X4", null);
        var scan = Hj212Scanner.Read(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"##{length:D4}{data}{crc}")));

        Assert.Equal(OperationStatus.Done, scan.Status);
        Assert.Equal(Hj212CrcVerdict.Standard, scan.Frame.Crc);
        Assert.True(scan.Frame.IsOverStandardLimit);
    }

    [Fact]
    public void Waiting_consumes_the_foreign_bytes_and_examines_everything()
    {
        var input = new ReadOnlySequence<byte>("noise##01"u8.ToArray());
        var scan = Hj212Scanner.Read(input);

        Assert.Equal(OperationStatus.NeedMoreData, scan.Status);
        Assert.Equal(5, input.GetOffset(scan.Consumed));
        Assert.Equal(input.Length, input.GetOffset(scan.Examined));
        Assert.Equal("noise"u8.ToArray(), scan.Refuse.ToArray());
    }

    [Fact]
    public void Empty_input_waits() => Assert.Equal(OperationStatus.NeedMoreData, Hj212Scanner.Read(ReadOnlySequence<byte>.Empty).Status);

    private static Hj212Receiver Received(string bytes) => Hj212Receiver.After(Encoding.Latin1.GetBytes(bytes));
}
