using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>Reads <c>working</c> of a profile: one sign, or a list of which any is enough.</summary>
internal static class WorkingReader
{
    private const int BitMax = 52;

    public static WorkingEvidence? Read(JsonObjectReader root, List<FieldSpec> fields)
    {
        var signs = new List<WorkingSign>();
        foreach (var o in root.ObjectOrObjects("working")) signs.Add(ReadSign(o, fields));
        return signs.Count == 0 ? null : new WorkingEvidence(signs);
    }

    private static WorkingSign ReadSign(JsonObjectReader o, List<FieldSpec> fields)
    {
        string field = o.Text("field");
        int slot = fields.FindIndex(f => f.Name == field);
        if (slot < 0) o.Report("field", $"expected one of this profile's fields, saw \"{field}\"");
        double? above = o.NumberOrNull("above", -1e12, 1e12), change = o.NumberOrNull("change", 0, 1e12);
        int? bit = o.IntegerOrNull("bit", 0, BitMax);
        int given = (above is null ? 0 : 1) + (change is null ? 0 : 1) + (bit is null ? 0 : 1);
        if (given != 1) o.Report("above", "expected exactly one of above, change and bit");
        o.Done();
        return bit is { } number ? new WorkingSign(slot, WorkingSignKind.Bit, number)
            : change is { } step ? new WorkingSign(slot, WorkingSignKind.Change, step)
            : new WorkingSign(slot, WorkingSignKind.Above, above ?? 0);
    }
}
