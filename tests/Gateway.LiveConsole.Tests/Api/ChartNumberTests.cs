using System.Globalization;
using System.Text;
using Gateway.Service.LiveConsole.Api;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class ChartNumberTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(7, "7")]
    [InlineData(-12.34, "-12.34")]
    [InlineData(0.001, "0.001")]
    [InlineData(100.05, "100.05")]
    [InlineData(1234567.875, "1234567.875")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void A_number_is_its_shortest_text(double value, string text) => Assert.Equal(text, Format(value));

    [Fact]
    public void Every_number_reads_back_as_itself()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            double value = i % 2 == 0 ? Math.Round(random.NextDouble() * 2000 - 1000, random.Next(6)) : BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value)) Assert.Equal(value, double.Parse(Format(value), CultureInfo.InvariantCulture));
        }
    }

    private static string Format(double value)
    {
        Span<byte> text = stackalloc byte[ChartNumber.BytesMax];
        return Encoding.ASCII.GetString(text[..ChartNumber.Format(value, text)]);
    }
}
