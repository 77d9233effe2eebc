using System.Text;

namespace Gateway.Reports;

/// <summary>One string for each text, however many rows hold it: a month of thousands of devices has a million rows and a few thousand texts.</summary>
internal sealed class TextShelf
{
    private const int CharsMax = 128;

    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _texts = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > CharsMax) return Encoding.UTF8.GetString(utf8);
        Span<char> chars = stackalloc char[CharsMax];
        var text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        if (_texts.TryGetValue(text, out string? known)) return known;
        _texts[text] = known = text.ToString();
        return known;
    }
}
