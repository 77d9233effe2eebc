using System.Globalization;
using System.Text;
using Gateway.Protocols.LineProtocol;
using Xunit;

namespace Gateway.Protocols.Tests.LineProtocol;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("7")]
    [InlineData("-12.5")]
    [InlineData("0.1")]
    [InlineData("0.4213")]
    [InlineData("123456789012345678")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.5")]
    [InlineData("0.30000000000000004")]
    [InlineData("1e3")]
    [InlineData("-2.5E-7")]
    [InlineData("1e400")]
    [InlineData("0.00000000000000000000000001")]
    [InlineData("18446744073709551616")]
    [InlineData("3.1415926535897932384626433832795028841971")]
    public void A_number_is_the_nearest_double(string text)
    {
        Assert.True(DecimalText.TryParse(Encoding.ASCII.GetBytes(text), out double value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1x2")]
    [InlineData("1.2.3")]
    [InlineData("12 ")]
    public void What_is_no_number_is_none(string text) => Assert.False(DecimalText.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Numbers_of_every_length_and_exponent_are_the_nearest_double()
    {
        var random = new Random(20261121);
        for (int i = 0; i < 200_000; i++)
        {
            int digits = random.Next(1, 21), point = random.Next(-1, digits);
            var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
            for (int d = 0; d < digits; d++)
            {
                text.Append((char)('0' + random.Next(10)));
                if (d == point && d < digits - 1) text.Append('.');
            }
            if (random.Next(8) == 0) text.Append(CultureInfo.InvariantCulture, $"e{random.Next(-30, 30)}");
            string number = text.ToString();
            Assert.True(DecimalText.TryParse(Encoding.ASCII.GetBytes(number), out double value), number);
            Assert.True(BitConverter.DoubleToInt64Bits(double.Parse(number, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value), number);
        }
    }
}
