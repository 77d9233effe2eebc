using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Protocols.Tests.Tx101;

public class Tx101AssemblerTests
{
    private readonly Tx101Assembler _assembler = new();

    [Fact]
    public void Packets_that_count_down_become_one_message()
    {
        Assert.Equal(Tx101AssemblyVerdict.More, Take(3, 3, "abc"));
        Assert.Equal(Tx101AssemblyVerdict.More, Take(3, 2, "de"));
        Assert.Equal(Tx101AssemblyVerdict.Whole, Take(3, 1, "f"));
        Assert.Equal("abcdef"u8.ToArray(), _assembler.Data.ToArray());
    }

    [Fact]
    public void A_packet_that_comes_twice_is_taken_once()
    {
        Take(2, 2, "ab");
        Assert.Equal(Tx101AssemblyVerdict.More, Take(2, 2, "ab"));
        Assert.Equal(Tx101AssemblyVerdict.Whole, Take(2, 1, "c"));
        Assert.Equal("abc"u8.ToArray(), _assembler.Data.ToArray());
    }

    [Fact]
    public void A_repeated_packet_in_the_middle_changes_nothing()
    {
        Take(4, 4, "a");
        Take(4, 3, "b");
        Assert.Equal(Tx101AssemblyVerdict.Repeated, Take(4, 3, "b"));
        Take(4, 2, "c");
        Assert.Equal(Tx101AssemblyVerdict.Whole, Take(4, 1, "d"));
        Assert.Equal("abcd"u8.ToArray(), _assembler.Data.ToArray());
    }

    [Fact]
    public void The_last_packet_again_is_the_message_again()
    {
        Take(2, 2, "ab");
        Take(2, 1, "c");
        Assert.Equal(Tx101AssemblyVerdict.Whole, Take(2, 1, "c"));
        Assert.Equal("abc"u8.ToArray(), _assembler.Data.ToArray());
    }

    [Theory]
    [InlineData(3, 1, Tx101AssemblyVerdict.Missing)]
    [InlineData(17, 17, Tx101AssemblyVerdict.TooMany)]
    [InlineData(3, 0, Tx101AssemblyVerdict.BadCount)]
    [InlineData(3, 4, Tx101AssemblyVerdict.BadCount)]
    public void What_does_not_follow_is_refused(int packets, int packet, Tx101AssemblyVerdict verdict)
    {
        Take(3, 3, "abc");
        Assert.Equal(verdict, Take(packets, packet, "x"));
    }

    [Fact]
    public void A_hole_gives_up_the_message()
    {
        Take(4, 4, "a");
        Assert.Equal(Tx101AssemblyVerdict.Missing, Take(4, 2, "c"));
        Assert.Equal(Tx101AssemblyVerdict.Missing, Take(4, 1, "d"));
    }

    [Fact]
    public void The_longest_message_fits()
    {
        string longest = new('x', byte.MaxValue - Tx101Limits.HeadBytes - Tx101Limits.SplitBytes);
        for (int packet = Tx101Limits.PacketsMax; packet > 1; packet--) Assert.Equal(Tx101AssemblyVerdict.More, Take(Tx101Limits.PacketsMax, packet, longest));
        Assert.Equal(Tx101AssemblyVerdict.Whole, Take(Tx101Limits.PacketsMax, 1, longest));
        Assert.Equal(Tx101Limits.JoinedBytesMax, _assembler.Data.Length);
    }

    private Tx101AssemblyVerdict Take(int packets, int packet, string data)
    {
        byte[] body = [0xC5, (byte)packets, (byte)(packets >> 8), (byte)packet, (byte)(packet >> 8), 2, 0x33, 1, 0, 0, 0x10, 0x90, .. System.Text.Encoding.ASCII.GetBytes(data)];
        var scan = Tx101Scanner.Read([0x68, (byte)body.Length, 0x68, .. body, Tx101Crc.Of(body), 0x16]);
        Assert.Equal(System.Buffers.OperationStatus.Done, scan.Status);
        return _assembler.Take(scan.Frame);
    }
}
