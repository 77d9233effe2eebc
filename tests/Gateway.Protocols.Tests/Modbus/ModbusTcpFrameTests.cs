using Gateway.Protocols.Modbus;
using Xunit;

namespace Gateway.Protocols.Tests.Modbus;

public sealed class ModbusTcpFrameTests
{
    private const ushort Transaction = 0x1501;
    private static readonly byte[] Reply = [0x15, 0x01, 0, 0, 0, 5, 1, 3, 2, 0x00, 0x7D];

    [Fact]
    public void A_request_is_the_example_of_the_standard()
    {
        byte[] frame = new byte[ModbusTcpFrame.HeaderSize + ModbusRequest.SizeMax];
        int size = ModbusTcpFrame.Encode(ModbusRequest.Read(0xF7, 3, 4, 1), Transaction, frame);
        Assert.Equal([0x15, 0x01, 0, 0, 0, 6, 0xF7, 3, 0, 4, 0, 1], frame[..size]);
    }

    [Fact]
    public void Every_growth_of_the_bytes_ends_in_the_same_reply()
    {
        byte[] line = [.. "DTU:8613"u8, 0x15, 0x00, 0, 0, 0, 5, 1, 3, 2, 9, 9, .. Reply];
        for (int length = 0; length < line.Length; length++) Assert.False(Scan(line.AsSpan(0, length)).Reply.IsAnswer);
        var scan = Scan(line);
        Assert.Equal((ModbusVerdict.Complete, Reply.Length, line.Length - Reply.Length), (scan.Reply.Verdict, scan.Reply.Size, scan.Skipped));
        Assert.Equal([0x00, 0x7D], scan.Reply.Data.ToArray());
    }

    [Fact]
    public void A_late_reply_of_the_same_shape_is_told_by_its_number()
    {
        byte[] late = [.. Reply];
        late[1]--;
        var scan = Scan(late);
        Assert.Equal((false, ModbusEvidence.Foreign), (scan.Reply.IsAnswer, scan.Evidence));
    }

    [Fact]
    public void An_exception_and_a_wrong_length_have_their_names()
    {
        Assert.Equal(2, Scan([0x15, 0x01, 0, 0, 0, 3, 1, 0x83, 2]).Reply.ExceptionCode);
        Assert.Equal(ModbusEvidence.WrongByteCount, Scan([0x15, 0x01, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2]).Evidence);
        Assert.Equal(ModbusEvidence.Foreign, Scan([0x15, 0x01, 0, 0, 0, 5, 2, 3, 2, 0, 1]).Evidence);
        Assert.Equal(ModbusEvidence.Partial, Scan(Reply.AsSpan(0, 8)).Evidence);
    }

    [Fact]
    public void Any_noise_terminates()
    {
        var random = new Random(20261121);
        byte[] noise = new byte[300];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(noise);
            // Headers that look right come often enough only when they are made.
            if (round % 2 == 0) (noise[2], noise[3], noise[4]) = (0, 0, 0);
            Assert.False(Scan(noise).Reply.IsAnswer);
        }
    }

    private static ModbusScan Scan(ReadOnlySpan<byte> received) => ModbusTcpFrame.Scan(ModbusRequest.Read(1, 3, 0, 1), Transaction, received);
}
