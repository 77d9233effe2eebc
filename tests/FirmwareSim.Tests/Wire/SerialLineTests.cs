using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Tests.Wire;

public sealed class SerialLineTests
{
    private static readonly byte[] Request = ModbusCrc.Append([1, 3, 0, 0, 0, 1]);

    [Fact]
    public void A_complete_valid_request_ends_at_once()
    {
        var collector = new RequestCollector();
        Assert.Null(collector.Add(Request.AsSpan(0, 5)));
        Assert.Equal(Request, collector.Add(Request.AsSpan(5)));
        Assert.True(collector.IsEmpty);
    }

    [Fact]
    public void Silence_ends_a_request_of_another_length_and_forgets_a_damaged_one()
    {
        var collector = new RequestCollector();
        byte[] longer = ModbusCrc.Append([1, 16, 0, 0, 0, 1, 2, 0, 7]);
        Assert.Null(collector.Add(longer));
        Assert.Equal(longer, collector.EndBySilence());
        Assert.Null(collector.Add([.. Request[..7], 0]));
        Assert.Null(collector.EndBySilence());
        Assert.Equal(Request, collector.Add(Request));
    }

    [Fact]
    public void Noise_beyond_the_longest_frame_is_forgotten()
    {
        var collector = new RequestCollector();
        Assert.Null(collector.Add(new byte[300]));
        Assert.True(collector.IsEmpty);
    }

    [Fact]
    public void At_the_same_rate_every_byte_comes_through()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(all, LineRate.Resample(all, LineRate.BusBaud));
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(2400)]
    [InlineData(4800)]
    [InlineData(19200)]
    [InlineData(38400)]
    [InlineData(115200)]
    public void At_another_rate_no_valid_frame_comes_through(int baud)
    {
        byte[] reply = ModbusCrc.Append([1, 3, 2, 0, 0x7D]);
        byte[] garbled = LineRate.Resample(reply, baud);
        Assert.NotEmpty(garbled);
        Assert.NotEqual(reply, garbled);
        Assert.False(ModbusCrc.IsValid(garbled));
    }

    [Fact]
    public void A_character_takes_ten_bits_and_silence_three_and_a_half_characters()
    {
        Assert.Equal(1.0417, LineRate.CharacterTime.TotalMilliseconds, tolerance: 0.001);
        Assert.Equal(3.6458, LineRate.Silence.TotalMilliseconds, tolerance: 0.001);
    }
}
