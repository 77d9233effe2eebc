using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Protocols.LineProtocol;
using Xunit;

namespace Gateway.Protocols.Tests.LineProtocol;

public sealed class LineRoundTripTests
{
    private const string Alphabet = "abzAZ019-_.,= \"\\\r\n塔é\t#/";

    [Fact]
    public void What_is_written_reads_back_value_for_value()
    {
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var output = new ArrayBufferWriter<byte>();
            string measurement = Text(random, 1), device = Text(random, 1);
            int count = 1 + random.Next(6);
            // Names of fields come from profiles, which take no quotes.
            var names = Enumerable.Range(0, count).Select(i => Text(random, 1).Replace('"', '-') + i.ToString(CultureInfo.InvariantCulture)).ToArray();
            object[] values = [.. names.Select(_ => Value(random))];
            long timeUs = random.NextInt64(0, 4_102_444_800_000_000);
            Write(output, measurement, device, names, values, timeUs);
            var line = output.WrittenSpan;

            Assert.True(line[^1] == '\n' && line.Count((byte)'\n') == 1, $"seed {seed}: {Encoding.UTF8.GetString(line)}");
            Assert.True(LineReader.TrySplit(line[..^1], out var prefix, out var fields, out long readUs), $"seed {seed}: {Encoding.UTF8.GetString(line)}");
            Assert.Equal(timeUs, readUs);
            Assert.Equal($"{Escaped(measurement)},device={Escaped(device)} ", Encoding.UTF8.GetString(prefix));
            for (int i = 0; i < count; i++)
            {
                Assert.True(LineReader.TryNext(ref fields, out var name, out var value), $"seed {seed}, field {i}");
                Assert.Equal(Escaped(names[i]), Encoding.UTF8.GetString(name));
                Assert.Equal(values[i] is string text ? text.Replace('\r', ' ').Replace('\n', ' ') : values[i], Read(value, values[i]));
            }
            Assert.False(LineReader.TryNext(ref fields, out _, out _));
        }
    }

    [Theory]
    [InlineData("crane,device=a load_t=1.5 1000000", true)]
    [InlineData("crane,device=a\\ b load_t=1,text=\"x y, \\\"z\\\" = 1\" 1000000", true)]
    [InlineData("crane,device=a load_t=1.5", false)]
    [InlineData("crane,device=a load_t=1.5 ", false)]
    [InlineData("crane,device=a load_t=1.5 12x", false)]
    [InlineData("crane,device=a  1000000", false)]
    [InlineData("crane", false)]
    [InlineData("", false)]
    [InlineData("\\", false)]
    public void A_line_that_is_none_is_refused(string line, bool whole) =>
        Assert.Equal(whole, LineReader.TrySplit(Encoding.UTF8.GetBytes(line), out _, out _, out _));

    [Theory]
    [InlineData("1.5", true, 1.5)]
    [InlineData("-12i", true, -12)]
    [InlineData("1E+16", true, 1e16)]
    [InlineData("i", false, 0)]
    [InlineData("", false, 0)]
    [InlineData("\"1\"", false, 0)]
    [InlineData("1x", false, 0)]
    public void Only_a_number_is_a_number(string value, bool isNumber, double expected) =>
        Assert.Equal((isNumber, isNumber ? expected : 0), LineReader.TryNumber(Encoding.UTF8.GetBytes(value), out double number) ? (true, number) : (false, 0));

    [Fact]
    public void What_no_store_can_hold_is_left_out_and_a_line_without_fields_taken_back()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new LineWriter(output);
        writer.Begin("m");
        writer.Tag("empty", "");
        writer.Field("nan", double.NaN);
        writer.Field("inf", double.PositiveInfinity);
        Assert.False(writer.End(1));
        Assert.Equal(0, output.WrittenCount);

        writer.Begin("m");
        writer.Field("v", 1L);
        Assert.True(writer.End(1));
        Assert.Equal("m v=1i 1000\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static void Write(IBufferWriter<byte> output, string measurement, string device, string[] names, object[] values, long timeUs)
    {
        // Texts are written by the decoder's way, field by field.
        LineWriter.EscapeName(output, measurement);
        output.Write(",device="u8);
        LineWriter.EscapeName(output, device);
        for (int i = 0; i < names.Length; i++)
        {
            output.Write(i == 0 ? " "u8 : ","u8);
            LineWriter.EscapeName(output, names[i]);
            output.Write("="u8);
            switch (values[i])
            {
                case double number: LineWriter.Number(output, number); break;
                case long integer: LineWriter.Integer(output, integer); break;
                case string text: LineWriter.QuotedText(output, Encoding.UTF8.GetBytes(text)); break;
            }
        }
        LineWriter.Timestamp(output, timeUs);
    }

    private static object Read(ReadOnlySpan<byte> value, object like)
    {
        if (like is string)
        {
            Span<byte> text = stackalloc byte[512];
            return Encoding.UTF8.GetString(text[..LineReader.Text(value, text)]);
        }
        Assert.True(LineReader.TryNumber(value, out double number));
        return like is long ? (object)(long)number : number;
    }

    private static object Value(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(-1L << 53, 1L << 53),
        1 => Text(random, 0),
        2 => Math.Round(random.NextDouble() * 1000, random.Next(4)),
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
    };

    /// <summary>A name as it stands in the line: a backslash cannot be escaped there and becomes a slash, a line end a space.</summary>
    private static string Escaped(string name) => name.Replace('\\', '/').Replace('\r', ' ').Replace('\n', ' ')
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);

    private static string Text(Random random, int min) => new([.. Enumerable.Range(0, random.Next(min, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
}
