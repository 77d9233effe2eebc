using System.Text.Json;

namespace Gateway.Domain.Reports;

/// <summary>Compares two reports member by member, in their order, and names where they part.</summary>
internal static class ReportDifference
{
    public static void Find(JsonElement said, JsonElement found, List<ReportFinding> findings, int until) => Compare("", said, found, findings, until);

    private static void Compare(string path, JsonElement said, JsonElement found, List<ReportFinding> findings, int until)
    {
        if (findings.Count >= until) return;
        if (said.ValueKind == JsonValueKind.Object && found.ValueKind == JsonValueKind.Object) Objects(path, said, found, findings, until);
        else if (said.ValueKind == JsonValueKind.Array && found.ValueKind == JsonValueKind.Array) Arrays(path, said, found, findings, until);
        else if (said.GetRawText() is var was && found.GetRawText() is var gives && was != gives) findings.Add(ReportFinding.Differs(path, was, gives));
    }

    private static void Objects(string path, JsonElement said, JsonElement found, List<ReportFinding> findings, int until)
    {
        foreach (var member in found.EnumerateObject())
        {
            if (said.TryGetProperty(member.Name, out var other)) Compare(Join(path, member.Name), other, member.Value, findings, until);
            else if (findings.Count < until) findings.Add(ReportFinding.Differs(Join(path, member.Name), "–", member.Value.GetRawText()));
        }
        foreach (var member in said.EnumerateObject())
            if (findings.Count < until && !found.TryGetProperty(member.Name, out _)) findings.Add(ReportFinding.Differs(Join(path, member.Name), member.Value.GetRawText(), "–"));
    }

    private static void Arrays(string path, JsonElement said, JsonElement found, List<ReportFinding> findings, int until)
    {
        int i = 0, before = findings.Count;
        using var others = said.EnumerateArray();
        foreach (var item in found.EnumerateArray())
        {
            string here = $"{path}[{NameOf(item) ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture)}]";
            if (!others.MoveNext())
            {
                if (findings.Count < until) findings.Add(ReportFinding.Differs(here, "–", item.GetRawText()));
                return;
            }
            Compare(here, others.Current, item, findings, until);
            // In a plain list everything behind the first difference may just be shifted by one.
            if (findings.Count > before && NameOf(item) is null) return;
            i++;
        }
        if (others.MoveNext() && findings.Count < until) findings.Add(ReportFinding.Differs($"{path}[{NameOf(others.Current) ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture)}]", others.Current.GetRawText(), "–"));
    }

    private static string? NameOf(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
