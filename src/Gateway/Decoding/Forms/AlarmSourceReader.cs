using System.Globalization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding.Forms;

/// <summary>Reads one entry of <c>json.alarms</c>: which member, into which field, and our word for each of the vendor's bits or codes.</summary>
internal sealed class AlarmSourceReader(string kind, IReadOnlyList<FieldSpec> fields, FormBuilder form)
{
    private bool _paired;

    public bool Any { get; private set; }

    public void Read(JsonObjectReader o)
    {
        Any = true;
        string path = o.Text("member"), into = o.TextOrNull("into") ?? "alarm_bits";
        int slot = -1;
        for (int i = 0; i < fields.Count; i++)
            if (fields[i].Name == into) slot = i;
        if (slot < 0 || fields[slot].Type != FieldType.Integer) o.Report("into", $"expected a field of this profile of type integer, saw \"{into}\"");
        var word = o.OneOf("word", BitWord.Forms, BitForm.Integer, required: false);
        var bits = o.ObjectOrNull("bits");
        var codes = o.ObjectOrNull("codes");
        if (bits is null == codes is null) o.Report("bits", "expected exactly one of bits and codes");
        if (bits is null && o.Has("word")) o.Report("word", "expected only beside bits");
        var action = o.ObjectOrNull("action");
        if (action is not null && codes is null) o.Report("action", "expected only beside codes");
        if (slot >= 0) Add(o, path, (ushort)slot, bits is not null ? ReadBits(bits, word) : codes is not null ? ReadCodes(codes) : null, action);
        o.Done();
    }

    private void Add(JsonObjectReader o, string path, ushort slot, AlarmSource? source, JsonObjectReader? action)
    {
        if (source is null) return;
        if (action is not null && _paired) o.Report("action", "expected at most one source with an action in a profile");
        if (action is not null) ReadAction(action);
        _paired |= action is not null;
        form.Add(o, "member", path, new AlarmUse(source with { Word = form.AddWord(slot, action is null ? null : source.CodeMasks), Paired = action is not null }));
    }

    private AlarmSource ReadBits(JsonObjectReader o, BitForm word)
    {
        long[] masks = new long[64];
        long all = 0;
        foreach (string key in o.Keys())
        {
            long mask = MaskOf(o, key, none: false);
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int bit) || bit > 63) o.Report(key, "expected the vendor's bit, 0 to 63");
            else masks[bit] |= mask;
            all |= mask;
        }
        if (o.Keys().Count == 0) o.Report("", "expected at least one bit and our word for it");
        o.Done();
        return new AlarmSource(-1, all) { Bits = masks, Form = word };
    }

    private AlarmSource ReadCodes(JsonObjectReader o)
    {
        var keys = o.Keys();
        if (keys.Count is 0 or > AlarmSource.CodesMax) o.Report("", $"expected 1 to {AlarmSource.CodesMax} codes and our word for each, saw {keys.Count}");
        long[] masks = [.. keys.Select(key => MaskOf(o, key, none: true)), 1L << AlarmBits.Other];
        o.Done();
        return new AlarmSource(-1, masks.Aggregate(0L, (all, mask) => all | mask)) { Codes = new TextMap<int>(keys.Select((key, place) => KeyValuePair.Create(key, place))), CodeMasks = masks };
    }

    private long MaskOf(JsonObjectReader o, string key, bool none)
    {
        string word = o.Text(key);
        if (none && word == "none") return 0;
        if (AlarmBits.Find(kind, word) is { } bit) return 1L << bit;
        if (word.Length > 0) o.Report(key, $"expected one of {AlarmBits.WordsOf(kind)}{(none ? ", none" : "")}, saw \"{word}\"");
        return 0;
    }

    private void ReadAction(JsonObjectReader o)
    {
        string path = o.Text("member"), raised = o.Text("raised"), cleared = o.Text("cleared");
        if (raised.Length > 0 && raised == cleared) o.Report("cleared", $"expected another value than raised, saw \"{cleared}\"");
        o.Done();
        form.Add(o, "member", path, new ActionUse(new TextMap<bool>([KeyValuePair.Create(raised, true), KeyValuePair.Create(cleared, false)])));
    }
}
