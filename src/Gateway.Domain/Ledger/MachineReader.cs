using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Reads the section <c>machines</c>, and which device belongs to which of them.</summary>
internal static class MachineReader
{
    public static List<Machine> Read(JsonObjectReader root, IReadOnlyList<Enterprise> enterprises)
    {
        var known = enterprises.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        return LedgerReader.Unique(root.Objects("machines"), o => ReadMachine(o, known), m => m.Id, "machine");
    }

    /// <summary>The device's machine, which is in the ledger and of a type that fits.</summary>
    public static string? ReadOf(JsonObjectReader device, string kind, IReadOnlyDictionary<string, Machine> machines)
    {
        if (device.TextOrNull("machine") is not { } id) return null;
        if (!machines.TryGetValue(id, out var machine)) device.Report("machine", $"expected one of the machines of this ledger, saw \"{id}\"");
        else if (!machine.Carries(kind)) device.Report("machine", $"expected a machine that a device of kind {kind} can watch over, saw \"{id}\" of type {LedgerWords.Of(LedgerWords.MachineTypes, machine.Type)}");
        return id;
    }

    private static Machine ReadMachine(JsonObjectReader o, HashSet<string> enterprises)
    {
        var machine = new Machine(o.Identifier("id"), o.LocalText("name"), o.OneOf("type", LedgerWords.MachineTypes, MachineType.Other))
        {
            Registration = o.TextOrNull("registration"),
            Filing = o.TextOrNull("filing"),
            Model = o.TextOrNull("model"),
            Maker = o.TextOrNull("maker"),
            Owner = ReadEnterprise(o, "owner", enterprises),
            Lessor = ReadEnterprise(o, "lessor", enterprises),
            Geometry = ReadGeometry(o),
        };
        if (machine.Geometry is not null && machine.Type != MachineType.TowerCrane) o.Report("geometry", "expected only for type tower-crane");
        o.Done();
        return machine;
    }

    private static string? ReadEnterprise(JsonObjectReader o, string member, HashSet<string> enterprises)
    {
        string? id = o.TextOrNull(member);
        if (id is not null && !enterprises.Contains(id)) o.Report(member, $"expected one of the enterprises of this ledger, saw \"{id}\"");
        return id;
    }

    private static CraneGeometry? ReadGeometry(JsonObjectReader machine)
    {
        if (machine.ObjectOrNull("geometry") is not { } o) return null;
        var geometry = new CraneGeometry(o.Number("x", -10_000, 10_000), o.Number("y", -10_000, 10_000), o.Number("baseHeightM", -200, 1_000, 0), o.Number("heightM", 1, 1_000),
            o.Number("jibM", 1, 200), o.Number("counterJibM", 0, 100, 0), o.Number("slewOffsetDeg", -360, 360, 0));
        o.Done();
        return geometry;
    }
}
