using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttTextTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData("612F62", "ASCII")]
    [InlineData("41F0AA9B94", "A and U+2A6D4, figure 1-2")]
    [InlineData("E5A194E69CBA", "塔机")]
    [InlineData("C2A0", "U+00A0, the first after the controls")]
    [InlineData("C3BF", "U+00FF")]
    [InlineData("EFBBBF41", "U+FEFF is kept [MQTT-1.5.4-3]")]
    [InlineData("EFB78F", "U+FDCF, before the non-characters")]
    [InlineData("EFB7B0", "U+FDF0, after them")]
    [InlineData("EFBFBD", "U+FFFD")]
    [InlineData("ED9FBF", "U+D7FF, before the surrogates")]
    [InlineData("EE8080", "U+E000, after them")]
    [InlineData("F09FBFBD", "U+1FFFD")]
    [InlineData("F09EBFBF", "U+1EFFF")]
    [InlineData("F48FBFBD", "U+10FFFD, the last that may be")]
    public void Well_formed_text_is_taken(string hex, string what) => Assert.True(MqttText.IsValid(Convert.FromHexString(hex)), what);

    [Theory]
    [InlineData("80", "MQTT-1.5.4-1", "a continuation alone")]
    [InlineData("C3", "MQTT-1.5.4-1", "a cut character")]
    [InlineData("E5A1", "MQTT-1.5.4-1", "a cut character of three")]
    [InlineData("F0AA9B", "MQTT-1.5.4-1", "a cut character of four")]
    [InlineData("C328", "MQTT-1.5.4-1", "a bad continuation")]
    [InlineData("C0AF", "MQTT-1.5.4-1", "overlong /")]
    [InlineData("C080", "MQTT-1.5.4-1", "overlong NUL")]
    [InlineData("C1BF", "MQTT-1.5.4-1", "overlong U+007F")]
    [InlineData("E08080", "MQTT-1.5.4-1", "overlong in three")]
    [InlineData("E09FBF", "MQTT-1.5.4-1", "overlong U+07FF")]
    [InlineData("F0808080", "MQTT-1.5.4-1", "overlong in four")]
    [InlineData("F08FBFBF", "MQTT-1.5.4-1", "overlong U+FFFF")]
    [InlineData("EDA080", "MQTT-1.5.4-1", "U+D800")]
    [InlineData("EDBFBF", "MQTT-1.5.4-1", "U+DFFF")]
    [InlineData("EDA080EDB080", "MQTT-1.5.4-1", "a pair of surrogates")]
    [InlineData("F4908080", "MQTT-1.5.4-1", "U+110000")]
    [InlineData("F888808080", "MQTT-1.5.4-1", "five bytes")]
    [InlineData("FF", "MQTT-1.5.4-1", "0xFF")]
    [InlineData("00", "MQTT-1.5.4-2", "U+0000")]
    [InlineData("610062", "MQTT-1.5.4-2", "U+0000 inside")]
    [InlineData("01", "§1.5.4", "U+0001")]
    [InlineData("610A", "§1.5.4", "line feed")]
    [InlineData("1F", "§1.5.4", "U+001F")]
    [InlineData("7F", "§1.5.4", "U+007F")]
    [InlineData("C280", "§1.5.4", "U+0080")]
    [InlineData("C29F", "§1.5.4", "U+009F")]
    [InlineData("EFB790", "§1.5.4", "U+FDD0")]
    [InlineData("EFB7AF", "§1.5.4", "U+FDEF")]
    [InlineData("EFBFBE", "§1.5.4", "U+FFFE")]
    [InlineData("EFBFBF", "§1.5.4", "U+FFFF")]
    [InlineData("F09FBFBE", "§1.5.4", "U+1FFFE")]
    [InlineData("F3BFBFBF", "§1.5.4", "U+FFFFF")]
    [InlineData("F48FBFBF", "§1.5.4", "U+10FFFF")]
    public void Other_text_is_refused_wherever_it_stands(string hex, string clause, string what)
    {
        byte[] bad = Convert.FromHexString(hex);
        foreach (string before in (string[])["", "a", "塔", new string('x', 40)])
        {
            byte[] text = [.. Encoding.UTF8.GetBytes(before), .. bad, .. "yz"u8];
            Assert.Equal((what, before, clause), (what, before, MqttText.Check(text).Clause));
            Assert.False(MqttText.IsValid(text));
        }
    }

    [Fact]
    public void Every_code_point_alone_is_judged_as_the_standard_says()
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (int code = 0; code <= 0x10FFFF; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF) continue;
            bool bad = code is <= 0x1F or (>= 0x7F and <= 0x9F) or (>= 0xFDD0 and <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
            var text = utf8[..new Rune(code).EncodeToUtf8(utf8)];
            if (MqttText.IsValid(text) == bad) Assert.Fail($"U+{code:X4} is said to be {(bad ? "valid" : "invalid")}");
        }
    }
}
