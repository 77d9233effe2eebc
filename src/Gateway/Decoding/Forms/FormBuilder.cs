using System.Text;
using Gateway.Domain.Configuration;

namespace Gateway.Decoding.Forms;

/// <summary>Collects the uses of members while a profile is read, and checks their paths.</summary>
internal sealed class FormBuilder
{
    private const int PathBytesMax = 240;

    private readonly List<(string Path, MemberUse Use)> _uses = [];
    private readonly List<ushort> _largest = [];
    private readonly List<(ushort Slot, long[] Masks)> _words = [];

    public int AddLargest(ushort slot)
    {
        _largest.Add(slot);
        return _largest.Count - 1;
    }

    /// <param name="codeMasks">For a source whose codes come and go by themselves.</param>
    public int AddWord(ushort slot, long[]? codeMasks)
    {
        int word = _words.FindIndex(w => w.Slot == slot);
        if (word < 0) (word, _) = (_words.Count, Append(slot));
        if (codeMasks is not null) _words[word] = (slot, codeMasks);
        return word;
    }

    public void Add(JsonObjectReader o, string member, string path, MemberUse use)
    {
        if (path.Length == 0) return;
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax || ArraysOf(path) is not { } arrays) o.Report(member, $"expected member names joined with dots, array elements as [] or [0], saw \"{path}\"");
        else if (arrays.Find(a => _uses.Exists(u => ArraysOf(u.Path)!.Exists(b => b.Path == a.Path && b.Each != a.Each))) is { Path: { } both })
            o.Report(member, $"expected {both} either as [] or as [0], [1] in one profile, saw both");
        else _uses.Add((path, use));
    }

    public JsonForm Build(int timeUnitMs, bool quotedNumbers)
    {
        var members = _uses.GroupBy(u => u.Path, StringComparer.Ordinal).Select(g => new JsonMember(Encoding.UTF8.GetBytes(g.Key), [.. g.Select(u => u.Use)]));
        var arrays = _uses.SelectMany(u => ArraysOf(u.Path)!).Distinct().Select(a => new JsonArray(Encoding.UTF8.GetBytes(a.Path), a.Each, a.Each ? Listed(a.Path) : []));
        return new JsonForm([.. members], [.. arrays], [.. _words.Select(w => new AlarmWord(w.Slot, w.Masks))], [.. _largest], timeUnitMs, quotedNumbers);
    }

    private (ushort, long[]) Append(ushort slot)
    {
        _words.Add((slot, []));
        return _words[^1];
    }

    /// <summary>What an empty array denies: all that its elements could have named, but not what comes and goes by itself.</summary>
    private AlarmSource[] Listed(string array) =>
        [.. _uses.Where(u => u.Path.StartsWith(array + "[]", StringComparison.Ordinal)).Select(u => u.Use).OfType<AlarmUse>().Select(u => u.Source).Where(s => !s.Paired)];

    /// <summary>The arrays a path goes through; null when it is no path.</summary>
    private static List<(string Path, bool Each)>? ArraysOf(string path)
    {
        var arrays = new List<(string, bool)>();
        for (int open = path.IndexOf('['); open >= 0; open = path.IndexOf('[', open + 1))
        {
            int close = path.IndexOf(']', open);
            if (open == 0 || close < 0 || close + 1 < path.Length && path[close + 1] is not ('.' or '[')) return null;
            string index = path[(open + 1)..close];
            if (index.Length > 4 || !index.All(char.IsAsciiDigit) || index.Length > 1 && index[0] == '0') return null;
            arrays.Add((path[..open], index.Length == 0));
        }
        return path.Count(c => c == ']') == arrays.Count && !path.EndsWith('.') ? arrays : null;
    }
}
