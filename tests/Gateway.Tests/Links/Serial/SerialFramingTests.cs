using Gateway.Links.Serial;
using Xunit;

namespace Gateway.Tests.Links.Serial;

public sealed class SerialFramingTests
{
    [Theory]
    [InlineData("8N1", 8, SerialParity.None, 1, 10)]
    [InlineData("8n2", 8, SerialParity.None, 2, 11)]
    [InlineData("8E1", 8, SerialParity.Even, 1, 11)]
    [InlineData("8o1", 8, SerialParity.Odd, 1, 11)]
    [InlineData("7E2", 7, SerialParity.Even, 2, 11)]
    [InlineData("7N1", 7, SerialParity.None, 1, 9)]
    [InlineData("6O2", 6, SerialParity.Odd, 2, 10)]
    [InlineData("5N1", 5, SerialParity.None, 1, 7)]
    public void A_framing_is_read_as_on_a_data_sheet(string text, int data, SerialParity parity, int stop, int bits)
    {
        Assert.True(SerialFraming.TryParse(text, out var framing));
        Assert.Equal((data, parity, stop, bits), (framing.DataBits, framing.Parity, framing.StopBits, framing.BitsPerCharacter));
        Assert.Equal(text.ToUpperInvariant(), framing.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8N")]
    [InlineData("9N1")]
    [InlineData("4N1")]
    [InlineData("8X1")]
    [InlineData("8N3")]
    [InlineData("8N11")]
    public void Anything_else_is_no_framing(string? text) => Assert.False(SerialFraming.TryParse(text, out _));

    [Theory]
    [InlineData("8N1", 0x30, 0)]
    [InlineData("8E1", 0x30 | 0x100, 0x10)]
    [InlineData("8O2", 0x30 | 0x100 | 0x200 | 0x40, 0x10)]
    [InlineData("7E2", 0x20 | 0x100 | 0x40, 0x10)]
    [InlineData("6N1", 0x10, 0)]
    [InlineData("5O1", 0x100 | 0x200, 0x10)]
    public void A_framing_becomes_the_kernels_flags(string text, uint control, uint input)
    {
        Assert.True(SerialFraming.TryParse(text, out var framing));
        var settings = Termios2.Raw(4800, framing);
        const uint Always = 0x1000 | 0x80 | 0x800; // BOTHER, CREAD, CLOCAL
        Assert.Equal(control | Always, settings.ControlFlags);
        Assert.Equal(input | 0x1, settings.InputFlags);
        Assert.Equal((0u, 0u), (settings.OutputFlags, settings.LocalFlags));
        Assert.Equal((4800u, 4800u), (settings.InputRate, settings.OutputRate));
    }
}
