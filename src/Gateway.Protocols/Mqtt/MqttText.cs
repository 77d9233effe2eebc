using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Protocols.Mqtt;

/// <summary>UTF-8 encoded strings [§1.5.4].</summary>
/// <remarks>
/// Refused: what is not well-formed (overlong forms, surrogates, beyond U+10FFFF), U+0000, control characters U+0001–U+001F and U+007F–U+009F,
/// and the 66 non-characters; the last two a receiver may refuse. U+FEFF is kept [MQTT-1.5.4-3].
/// </remarks>
public static class MqttText
{
    // First bytes of what well-formed text may still not hold: U+007F, U+0080–9F, U+FDD0–FDEF, U+nFFFE and U+nFFFF.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create([0x7F, 0xC2, 0xEF, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4]);

    public static bool IsValid(ReadOnlySpan<byte> utf8) => IsPrintableAscii(utf8) || Check(utf8).IsOk;

    /// <summary>The same, and which rule it breaks.</summary>
    public static MqttVerdict Check(ReadOnlySpan<byte> utf8) => IsPrintableAscii(utf8) ? MqttVerdict.Ok : CheckOther(utf8);

    /// <summary>For text that is known not to be printable ASCII alone.</summary>
    internal static MqttVerdict CheckOther(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return MqttVerdict.Malformed("text is not well-formed UTF-8", "MQTT-1.5.4-1");
        if (utf8.Contains((byte)0)) return MqttVerdict.Malformed("text with U+0000", "MQTT-1.5.4-2");
        if (utf8.ContainsAnyInRange((byte)1, (byte)0x1F) || HasControlOrNonCharacter(utf8)) return MqttVerdict.Malformed("text with a control character or a non-character", "§1.5.4");
        return MqttVerdict.Ok;
    }

    private static bool IsPrintableAscii(ReadOnlySpan<byte> utf8) => !utf8.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    private static bool HasControlOrNonCharacter(ReadOnlySpan<byte> wellFormed)
    {
        for (int at; (at = wellFormed.IndexOfAny(Suspects)) >= 0;)
        {
            var rest = wellFormed[at..];
            bool bad = rest[0] switch
            {
                0x7F => true,
                0xC2 => rest[1] <= 0x9F,
                0xEF => (rest[1] == 0xB7 && rest[2] is >= 0x90 and <= 0xAF) || (rest[1] == 0xBF && rest[2] >= 0xBE),
                _ => (rest[1] & 0x0F) == 0x0F && rest[2] == 0xBF && rest[3] >= 0xBE,
            };
            if (bad) return true;
            wellFormed = rest[1..];
        }
        return false;
    }
}
