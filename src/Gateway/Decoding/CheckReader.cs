using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>The members <c>checks</c> and <c>clockSkewSecondsMax</c> of a profile: what its measurements must look like to be believed.</summary>
internal static class CheckReader
{
    private static readonly Dictionary<string, CheckKind> Kinds = CheckKinds.ByWord.Where(k => k.Value != CheckKind.Clock).ToDictionary(k => k.Key, k => k.Value, StringComparer.Ordinal);

    private static readonly Dictionary<string, bool> Effects = new(StringComparer.Ordinal) { ["implausible"] = false, ["suspect"] = true };

    private static readonly string[] Conditions = ["bit", "equals", "above"];

    public static int ReadSkewMsMax(JsonObjectReader root) => Ms(root, "clockSkewSecondsMax", 1, 86_400, ClockCheck.SkewMsMaxDefault);

    public static IReadOnlyList<CheckSpec> Read(JsonObjectReader root, List<FieldSpec> fields)
    {
        var checks = new List<CheckSpec>();
        foreach (var o in root.Objects("checks"))
        {
            var kind = o.OneOf("kind", Kinds, CheckKind.Clock);
            // Without a kind nobody can say which other members belong there.
            if (kind == CheckKind.Clock) continue;
            bool suspect = o.OneOf("effect", Effects, kind is CheckKind.Regularity or CheckKind.Identical, required: false);
            var check = Read(kind, o, fields) with
            {
                Suspect = suspect,
                GoodToReturn = o.IntegerOrNull("goodToReturn", 1, 10_000) ?? CheckSpec.GoodToReturnDefault,
                GoodMsToReturn = Ms(o, "goodSecondsToReturn", 0, 86_400, CheckSpec.GoodMsToReturnDefault),
            };
            if (o.Has("title")) check = check with { Title = o.LocalText("title") };
            if (o.Has("advice")) check = check with { Advice = o.LocalText("advice") };
            o.Done();
            checks.Add(check);
        }
        return checks;
    }

    private static CheckSpec Read(CheckKind kind, JsonObjectReader o, List<FieldSpec> fields) => kind switch
    {
        CheckKind.Range => ReadRange(o, fields),
        CheckKind.Frozen => new FrozenCheck(SlotsOf(o, fields), Ms(o, "forSeconds", 1, 604_800), ReadUnless(o, fields)),
        CheckKind.Rate => new RateCheck(SlotOf(o, "field", fields), o.Number("perSecondMax", 1e-9, 1e12), Times(o, 3)),
        CheckKind.SelfTest => ReadSelfTest(o, fields),
        CheckKind.Regularity => new RegularityCheck(Whole(o, "withinMs", 0, 60_000), Whole(o, "messages", 3, 1_000_000), ReadUnless(o, fields)),
        _ => new IdenticalCheck(Whole(o, "messages", 2, 1_000_000), ReadUnless(o, fields)),
    };

    private static RangeCheck ReadRange(JsonObjectReader o, List<FieldSpec> fields)
    {
        int slot = SlotOf(o, "field", fields);
        if (fields.Count > slot && fields[slot] is { Min: <= -1e300, Max: >= 1e300 }) o.Report("field", $"expected a field with min or max, \"{fields[slot].Name}\" has neither");
        return new RangeCheck(slot, Times(o, 3));
    }

    private static SelfTestCheck ReadSelfTest(JsonObjectReader o, List<FieldSpec> fields)
    {
        int? bit = o.IntegerOrNull("bit", 0, 52);
        double? equal = o.NumberOrNull("equals", -1e12, 1e12), above = o.NumberOrNull("above", -1e12, 1e12);
        string[] given = [.. Conditions.Where(o.Has)];
        if (given.Length != 1) o.Report(given.FirstOrDefault() ?? "bit", "expected exactly one of bit, equals and above");
        return new SelfTestCheck(SlotOf(o, "field", fields), bit, equal, above, Times(o, 1));
    }

    private static AtRest? ReadUnless(JsonObjectReader o, List<FieldSpec> fields)
    {
        if (o.ObjectOrNull("unless") is not { } rest) return null;
        var unless = new AtRest(SlotOf(rest, "field", fields), rest.Number("below", -1e12, 1e12));
        rest.Done();
        return unless;
    }

    private static List<int> SlotsOf(JsonObjectReader o, List<FieldSpec> fields)
    {
        if (!o.Has("fields")) return [SlotOf(o, "field", fields)];
        if (o.Has("field")) o.Report("field", "expected either field or fields");
        var names = o.Texts("fields");
        if (names.Count == 0) o.Report("fields", "expected at least one field");
        return [.. names.Select(n => SlotOf(o, "fields", n, fields))];
    }

    private static int SlotOf(JsonObjectReader o, string member, List<FieldSpec> fields) => o.Text(member) is { Length: > 0 } name ? SlotOf(o, member, name, fields) : 0;

    private static int SlotOf(JsonObjectReader o, string member, string name, List<FieldSpec> fields)
    {
        int slot = fields.FindIndex(f => f.Name == name && f.Type != FieldType.Text);
        if (slot < 0) o.Report(member, $"expected one of this profile's fields that are numbers, saw \"{name}\"");
        return Math.Max(0, slot);
    }

    private static int Times(JsonObjectReader o, int fallback) => o.IntegerOrNull("times", 1, 10_000) ?? fallback;

    private static int Whole(JsonObjectReader o, string name, int min, int max)
    {
        if (!o.Has(name)) o.Report(name, "is missing (a whole number is required)");
        return o.IntegerOrNull(name, min, max) ?? min;
    }

    private static int Ms(JsonObjectReader o, string name, double min, double max, int? fallbackMs = null) => (int)Math.Round(o.Number(name, min, max, fallbackMs / 1000.0) * 1000);
}
