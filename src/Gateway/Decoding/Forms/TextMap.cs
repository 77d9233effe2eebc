using System.Text;

namespace Gateway.Decoding.Forms;

/// <summary>A few texts and what each stands for, looked up in the bytes of a message without making a string.</summary>
public sealed class TextMap<T>
{
    private readonly (byte[] Text, T Value)[] _entries;

    public TextMap(IEnumerable<KeyValuePair<string, T>> entries) => _entries = [.. entries.Select(e => (Encoding.UTF8.GetBytes(e.Key), e.Value))];

    public bool TryFind(ReadOnlySpan<byte> utf8, out T value)
    {
        foreach (var (text, meaning) in _entries)
        {
            if (!utf8.SequenceEqual(text)) continue;
            value = meaning;
            return true;
        }
        value = default!;
        return false;
    }
}
