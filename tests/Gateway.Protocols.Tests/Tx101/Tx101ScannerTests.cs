using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Protocols.Tests.Tx101;

public class Tx101ScannerTests
{
    private static readonly HexCases Cases = new("Tx101");
    private static readonly byte[] Realtime = Cases.Frame("generated-crane-realtime");

    [Fact]
    public void The_checksum_is_the_firmwares()
    {
        Assert.Equal(0xF7, Tx101Crc.Of("123456789"u8));
        Assert.Equal([0xE5, 0x2F, 0xCA, 0x87], (byte[])[Tx101Crc.Of([1]), Tx101Crc.Of([2]), Tx101Crc.Of([3]), Tx101Crc.Of([255])]);
    }

    [Fact]
    public void A_wrong_checksum_is_dropped_with_its_reason_and_the_next_frame_is_found()
    {
        byte[] wrong = [.. Realtime];
        wrong[^2] ^= 1;
        Assert.Equal(["ChecksumWrong 108", Tx101Text.Of(new Tx101Frame(Realtime))], Tx101Receiver.After([.. wrong, .. Realtime]).Events);
    }

    [Fact]
    public void A_checksum_of_another_polynomial_is_wrong()
    {
        byte crc = 0;
        foreach (byte b in Realtime.AsSpan()[3..^2])
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (byte)((crc & 0x80) != 0 ? (crc << 1) ^ 0x07 : crc << 1);
        }
        Assert.Equal(["ChecksumWrong 108"], Tx101Receiver.After([.. Realtime[..^2], crc, 0x16]).Events);
    }

    [Theory]
    [InlineData(0x66)]
    [InlineData(0x68)]
    [InlineData(0xFF)]
    public void A_lying_length_costs_that_frame_and_no_other(byte length)
    {
        byte[] lying = [.. Realtime];
        lying[1] = length;
        var receiver = Tx101Receiver.After([.. lying, .. Realtime, .. Realtime, .. Realtime]);
        Assert.Equal(3, receiver.Events.Count(e => e.StartsWith("CraneRealtime", StringComparison.Ordinal)));
        Assert.Single(receiver.Events, e => !e.StartsWith("CraneRealtime", StringComparison.Ordinal));
    }

    [Fact]
    public void A_torn_frame_holds_nothing_back()
    {
        byte[] login = Cases.Frame("generated-login");
        Assert.Equal(["Truncated 50", Tx101Text.Of(new Tx101Frame(login))], Tx101Receiver.After([.. Realtime[..50], .. login]).Events);
        Assert.Equal(["NoEnd 50", Tx101Text.Of(new Tx101Frame(Realtime))], Tx101Receiver.After([.. Realtime[..50], .. Realtime]).Events);
    }

    [Fact]
    public void Foreign_bytes_of_a_shared_line_are_skipped_and_counted()
    {
        byte[] foreign = [.. "AAAABBBB"u8, .. "!063.5dB\r\n"u8, 0x68, 0x07, 0x68, 0x16, 0x68];
        var receiver = Tx101Receiver.After([.. foreign, .. Realtime]);
        Assert.Equal(foreign.Length, receiver.Skipped + receiver.Dropped);
        Assert.Equal(Tx101Text.Of(new Tx101Frame(Realtime)), receiver.Events[^1]);
    }
}
