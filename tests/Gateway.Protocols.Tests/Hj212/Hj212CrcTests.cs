using System.Globalization;
using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212CrcTests
{
    [Theory]
    [InlineData("", 0xFFFF, 0xFFFF)]
    [InlineData("123456789", 0x2F80, 0x4B37)]
    public void Check_values_of_both_rules(string text, int standard, int modbus)
    {
        Assert.Equal(standard, Hj212Crc.Standard(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(modbus, Hj212Crc.Modbus(Encoding.ASCII.GetBytes(text)));
    }

    [Theory]
    [InlineData("tolerated-bad-crc", 0x2D00)]
    [InlineData("tolerated-modbus-crc", 0x4380)]
    [InlineData("tolerated-upper-case-keys", 0xC901)]
    [InlineData("real-standard-annex-example", 0x1C80)]
    public void The_standard_crc_of_a_vector_is_the_stated_one(string name, int standard) =>
        Assert.Equal(standard, Hj212Crc.Standard(Hj212Case.Frame(name).AsSpan()[6..^4]));

    [Theory]
    [InlineData("2F80", Hj212CrcVerdict.Standard)]
    [InlineData("4B37", Hj212CrcVerdict.ModbusHighFirst)]
    [InlineData("374B", Hj212CrcVerdict.ModbusLowFirst)]
    [InlineData("2F81", Hj212CrcVerdict.Wrong)]
    public void Each_dialect_is_named(string sent, Hj212CrcVerdict verdict) =>
        Assert.Equal(verdict, Hj212Crc.Judge("123456789"u8, ushort.Parse(sent, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_crc_computed_without_the_closing_marks_is_named() =>
        Assert.Equal(Hj212CrcVerdict.StandardWithoutClosing, Hj212Crc.Judge("123456789&&"u8, 0x2F80));

    [Theory]
    [InlineData("1C80", true, 0x1C80)]
    [InlineData("e5Af", true, 0xE5AF)]
    [InlineData("1C8", false, 0)]
    [InlineData("1C80F", false, 0)]
    [InlineData("1G80", false, 0)]
    [InlineData("+C80", false, 0)]
    public void The_field_is_four_hex_digits_in_either_case(string field, bool ok, int value)
    {
        Assert.Equal(ok, Hj212Crc.TryReadField(Encoding.ASCII.GetBytes(field), out var crc));
        Assert.Equal(value, crc);
    }
}
