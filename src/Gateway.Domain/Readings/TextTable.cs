using System.Collections.Concurrent;
using System.Text;

namespace Gateway.Domain.Readings;

/// <summary>Numbers texts so that a sample stays sixteen bytes. Safe for all link threads; bounded, because devices choose the texts.</summary>
/// <remarks>Number 0 is the empty text; when the table is full a new text becomes <see cref="Overflow"/>, which is counted and matches nobody.</remarks>
public sealed class TextTable
{
    public const int TextsMax = 65_536;
    public const int Overflow = 1;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly string[] _texts = new string[TextsMax];
    private readonly Lock _growth = new();
    private int _count = 2;
    private long _overflows;

    public TextTable() => (_texts[0], _texts[Overflow]) = ("", "(too many texts)");

    /// <summary>How many texts found no room.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    public int NumberOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return 0;
        if (utf8.Length > 256) utf8 = utf8[..256];
        Span<char> chars = stackalloc char[256];
        int length = Encoding.UTF8.GetChars(utf8, chars);
        var lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(chars[..length], out int number) ? number : Add(chars[..length].ToString());
    }

    public string TextOf(int number) => (uint)number < TextsMax ? Volatile.Read(ref _texts[number]) ?? "" : "";

    private int Add(string text)
    {
        lock (_growth)
        {
            if (_numbers.TryGetValue(text, out int number)) return number;
            if (_count == TextsMax)
            {
                Interlocked.Increment(ref _overflows);
                return Overflow;
            }
            Volatile.Write(ref _texts[_count], text);
            _numbers[text] = _count;
            return _count++;
        }
    }
}
