using System.Globalization;
using Gateway.Decoding.Forms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Protocols.Goyo;
using Gateway.Protocols.Tx101;

namespace Gateway.Decoding.Boxes;

/// <summary>Reads what a profile says of a black box: the section <c>goyo</c> or <c>tx101</c>, and the <c>item</c> of each field.</summary>
/// <param name="kind">The profile's kind of device: its alarm words.</param>
internal sealed class BoxMappingReader(JsonObjectReader root, string kind)
{
    private const int LimitsCount = 8;

    private static readonly Dictionary<string, GoyoVersion> Versions = new(StringComparer.Ordinal) { ["02 13 03"] = GoyoVersion.V021303, ["V01"] = GoyoVersion.V01, ["V11"] = GoyoVersion.V11 };

    private static readonly Dictionary<string, Tx101Function> Functions = new(StringComparer.Ordinal)
    {
        ["90"] = Tx101Function.CraneRealtime, ["9A"] = Tx101Function.HoistRealtime, ["96"] = Tx101Function.DustRealtime,
    };

    private readonly List<BoxField> _fields = [];
    private readonly List<AlarmWord> _words = [];

    private IReadOnlyDictionary<string, byte>? Items => root.Has("goyo") ? BoxItems.Goyo : root.Has("tx101") ? BoxItems.Tx101 : null;

    /// <summary>One entry of <c>fields</c>.</summary>
    /// <returns>False when it does not stand in frames of a black box.</returns>
    public bool ReadField(JsonObjectReader o, FieldSpec spec, ushort slot, double scale, double offset)
    {
        if (o.TextOrNull("item") is null) return false;
        int last = o.IntegerOrNull("last", 1, 256) ?? 0;
        if (last > 0 && spec.Type != FieldType.Text) o.Report("last", "expected only in a field of type text");
        if (Items is not { } items) o.Report("item", "expected only in a profile with goyo or tx101");
        else _fields.Add(new BoxField(o.OneOf("item", items, (byte)0), slot, scale, offset, spec.Type == FieldType.Text, last));
        return true;
    }

    /// <summary>The section itself, after all fields.</summary>
    /// <returns>Null for a profile that reads no black box.</returns>
    public BoxMapping? Read(IReadOnlyList<FieldSpec> fields)
    {
        if (root.Has("goyo") && root.Has("tx101")) root.Report("tx101", "expected either goyo or tx101, saw both");
        var goyo = root.ObjectOrNull("goyo");
        if ((goyo ?? root.ObjectOrNull("tx101")) is not { } o) return null;
        GoyoVersion? version = goyo is null ? null : o.OneOf("version", Versions, GoyoVersion.V021303);
        Tx101Function? function = goyo is null ? o.OneOf("afn", Functions, Tx101Function.CraneRealtime) : null;
        if (_fields.Count == 0) o.Report("", "expected a field with an item, saw none");
        ReportMissingFactors(o);
        var bits = o.Objects("alarms").Select(a => ReadBits(a, fields)).OfType<BoxBits>().ToArray();
        int alarms = WordOf(fields, "alarm_bits"), warnings = WordOf(fields, "warn_bits");
        BoxLevel[] levels = function is null ? [] : [.. o.Objects("levels").Select(ReadLevel)];
        var lists = function is null ? null : ReadLists(o);
        if (alarms < 0 && (levels.Length > 0 || lists is not null)) o.Report("", "expected a field alarm_bits of type integer for levels and lists, saw none");
        o.Done();
        return new BoxMapping(version, function, [.. _fields], [.. _words], bits, levels, lists) { AlarmWord = alarms, WarnWord = warnings };
    }

    private void ReportMissingFactors(JsonObjectReader o)
    {
        Needs(BoxItems.Moment, GoyoItem.Load, GoyoItem.Radius);
        Needs(BoxItems.MomentPct, GoyoItem.Load, GoyoItem.Radius, GoyoItem.SafeMoment);
        void Needs(byte computed, params ReadOnlySpan<GoyoItem> factors)
        {
            if (!_fields.Exists(f => f.Item == computed) || root.Has("tx101")) return;
            foreach (var factor in factors)
                if (!_fields.Exists(f => f.Item == (byte)factor)) o.Report("", $"expected a field with the item {BoxItems.Goyo.First(i => i.Value == (byte)factor).Key}, of which the moment is computed");
        }
    }

    private BoxBits? ReadBits(JsonObjectReader o, IReadOnlyList<FieldSpec> fields)
    {
        string into = o.TextOrNull("into") ?? "alarm_bits";
        byte item = o.OneOf("item", Items!, (byte)0);
        int word = WordOf(fields, into);
        if (word < 0) o.Report("into", $"expected a field of this profile of type integer, saw \"{into}\"");
        long[] masks = new long[64];
        if (o.ObjectOrNull("bits") is not { } bits) o.Report("bits", "is missing (the device's bits and our word for each)");
        else
        {
            foreach (string key in bits.Keys())
                if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int bit) && bit <= 63) masks[bit] |= MaskOf(bits, key);
                else bits.Report(key, "expected the device's bit, 0 to 63");
            bits.Done();
        }
        o.Done();
        return word < 0 ? null : new BoxBits(item, word, masks, masks.Aggregate(0L, (all, mask) => all | mask));
    }

    private BoxLevel ReadLevel(JsonObjectReader o)
    {
        byte item = o.OneOf("item", BoxItems.Tx101, (byte)0);
        long upper = o.Has("upper") ? MaskOf(o, "upper") : 0, lower = o.Has("lower") ? MaskOf(o, "lower") : 0;
        if (!o.Has("upper") && !o.Has("lower")) o.Report("upper", "expected upper, lower or both");
        o.Done();
        return new BoxLevel(item, upper, lower);
    }

    private BoxLists? ReadLists(JsonObjectReader o)
    {
        if (o.ObjectOrNull("lists") is not { } lists) return null;
        long[] alarms = ReadNumbers(lists, "alarms"), violations = ReadNumbers(lists, "violations"), limits = new long[LimitsCount];
        var words = lists.Texts("limits");
        if (words.Count is not (0 or LimitsCount)) lists.Report("limits", $"expected our words for {LimitsCount} limits (down, up, right, left, in, out, behind, ahead), saw {words.Count}");
        for (int i = 0; i < words.Count && i < LimitsCount; i++)
            if (AlarmBits.Find(kind, words[i]) is { } bit) limits[i] = 1L << bit;
            else lists.Report("limits", $"expected one of {AlarmBits.WordsOf(kind)}, saw \"{words[i]}\"");
        lists.Done();
        return new BoxLists(alarms, violations, limits, alarms.Concat(violations).Concat(limits).Aggregate(1L << AlarmBits.Other, (all, mask) => all | mask));
    }

    private long[] ReadNumbers(JsonObjectReader lists, string name)
    {
        long[] masks = new long[64];
        if (lists.ObjectOrNull(name) is not { } numbers) return masks;
        foreach (string key in numbers.Keys())
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < masks.Length) masks[number] = MaskOf(numbers, key);
            else numbers.Report(key, $"expected a number from 0 to {masks.Length - 1}");
        numbers.Done();
        return masks;
    }

    private long MaskOf(JsonObjectReader o, string key)
    {
        string word = o.Text(key);
        if (AlarmBits.Find(kind, word) is { } bit) return 1L << bit;
        if (word.Length > 0) o.Report(key, $"expected one of {AlarmBits.WordsOf(kind)}, saw \"{word}\"");
        return 0;
    }

    private int WordOf(IReadOnlyList<FieldSpec> fields, string field)
    {
        for (ushort slot = 0; slot < fields.Count; slot++)
        {
            if (fields[slot].Name != field || fields[slot].Type != FieldType.Integer || _fields.Exists(f => f.Slot == slot)) continue;
            int word = _words.FindIndex(w => w.Slot == slot);
            if (word < 0)
            {
                word = _words.Count;
                _words.Add(new AlarmWord(slot, []));
            }
            return word;
        }
        return -1;
    }
}
