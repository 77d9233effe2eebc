using System.Text;

namespace Gateway.Protocols.Tests.Mqtt;

/// <summary>Bytes written so that a person can compare them with the standard's figures.</summary>
/// <remarks>Hex digits, <c>&lt;text&gt;</c> with its two bytes of length, <c>{hex}</c> binary with its two bytes of length, <c>'text'</c> bare, <c>[…]</c> a block with its variable byte length.</remarks>
internal static class MqttNotation
{
    public static byte[] Bytes(string notation)
    {
        int at = 0;
        byte[] bytes = Until(notation, ref at, '\0');
        return at == notation.Length ? bytes : throw new FormatException($"{notation}: what is at {at}?");
    }

    private static byte[] Until(string notation, ref int at, char end)
    {
        var bytes = new List<byte>();
        while (at < notation.Length && notation[at] != end)
        {
            switch (notation[at])
            {
                case ' ':
                    at++;
                    break;
                case '<':
                    bytes.AddRange(WithLength(Encoding.UTF8.GetBytes(Take(notation, ref at, '>'))));
                    break;
                case '\'':
                    bytes.AddRange(Encoding.UTF8.GetBytes(Take(notation, ref at, '\'')));
                    break;
                case '{':
                    at++;
                    bytes.AddRange(WithLength(Until(notation, ref at, '}')));
                    at++;
                    break;
                case '[':
                    at++;
                    byte[] block = Until(notation, ref at, ']');
                    at++;
                    bytes.AddRange([.. Varint(block.Length), .. block]);
                    break;
                default:
                    bytes.Add(Convert.FromHexString(notation.AsSpan(at, 2))[0]);
                    at += 2;
                    break;
            }
        }
        return [.. bytes];
    }

    public static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value % 128 + (value >= 128 ? 128 : 0)));
            value /= 128;
        }
        while (value > 0);
        return [.. bytes];
    }

    private static string Take(string notation, ref int at, char end)
    {
        int close = notation.IndexOf(end, at + 1);
        string text = notation[(at + 1)..close];
        at = close + 1;
        return text;
    }

    private static byte[] WithLength(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
}
