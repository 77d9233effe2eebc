using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Protocols.Tests.Tx101;

public class Tx101WriterTests
{
    private static readonly Tx101Address Address = new(0x3302, 1);

    [Fact]
    public void An_acknowledgement_is_the_same_function_without_data()
    {
        var frame = Read(to => Tx101Writer.Acknowledgement(to, Address, 0x10, Tx101Function.CraneRealtime), out byte[] bytes);
        Assert.Equal("68 08 68 01 02 33 01 00 00 10 90", Hex.Text(bytes.AsSpan(0, 11)));
        Assert.Equal(Tx101Function.CraneRealtime, frame.Function);
        Assert.False(frame.SaysUp);
        Assert.True(frame.Data.IsEmpty);
    }

    [Fact]
    public void A_link_answer_gives_back_what_was_said()
    {
        var frame = Read(to => Tx101Writer.LinkAnswer(to, Address, 0x10, 0xF2), out _);
        Assert.Equal((Tx101Function.Link, (byte)0xF2), (frame.Function, frame.Data[0]));
    }

    [Fact]
    public void The_clock_is_set_to_civil_time_with_its_weekday()
    {
        var frame = Read(to => Tx101Writer.SetClock(to, Address, 0x10, new DateTime(2022, 3, 15, 10, 15, 0)), out _);
        Assert.Equal("00 15 10 15 43 22", Hex.Text(frame.Data));
        Assert.Equal(Tx101Function.GetClock, Read(to => Tx101Writer.GetClock(to, Address, 0x10), out _).Function);
    }

    [Fact]
    public void An_address_reads_high_byte_first() => Assert.Equal("3302-000001", Address.ToString());

    private static Tx101Frame Read(Func<byte[], int> write, out byte[] bytes)
    {
        bytes = new byte[Tx101Writer.FrameBytesMax];
        int length = write(bytes);
        bytes = bytes[..length];
        var scan = Tx101Scanner.Read(bytes);
        Assert.Equal((System.Buffers.OperationStatus.Done, length), (scan.Status, scan.Consumed));
        return scan.Frame;
    }
}
