using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;

namespace Gateway.Domain.Reports;

/// <summary>What a report takes from the ledger: it is not in the chain, which only has the ledger's hash.</summary>
public static class ReportFacts
{
    public static ReportSite SiteOf(SiteLedger ledger) => new(ledger.Site.Id, ledger.Site.Name, ledger.Site.TimeZone.Id);

    /// <summary>The same report, with site, enterprises, devices, operators and policies of a ledger.</summary>
    public static ReportInput Of(SiteLedger ledger, ReportInput input)
    {
        var answerable = ledger.Machines.ToDictionary(m => m.Id, m => m.Lessor ?? m.Owner, StringComparer.Ordinal);
        var zone = ledger.Site.TimeZone;
        return input with
        {
            Site = SiteOf(ledger),
            Enterprises = ledger.Enterprises,
            Devices = [.. ledger.Devices.Select(d => AccountDevice.Of(d, d.Machine is { } machine ? answerable.GetValueOrDefault(machine) : null, zone))],
            Operators = ledger.Operators,
            // Others insure something else than what the rule asks for.
            Policies = [.. ledger.Policies.Where(p => p.Kind == PolicyKind.SafetyLiability)],
        };
    }

    /// <summary>Devices that a report has otherwise than its ledger, has left out or made up.</summary>
    internal static IEnumerable<ReportFinding> Altered(IReadOnlyList<AccountDevice> stated, IReadOnlyList<AccountDevice> right)
    {
        var (said, known) = (stated.ToLookup(d => d.Id, StringComparer.Ordinal), right.ToLookup(d => d.Id, StringComparer.Ordinal));
        return said.Select(d => d.Key).Union(known.Select(d => d.Key)).Order(StringComparer.Ordinal)
            .Where(id => !said[id].SequenceEqual(known[id]))
            .Select(id => ReportFinding.Differs($"devices[{id}]", Words(said[id]), Words(known[id])));
    }

    private static string Words(IEnumerable<AccountDevice> devices) => string.Join("; ", devices.Select(d => $"{d.Name.Zh}, {d.Kind}, safety {d.Safety}, {d.Enterprise}, {d.Service.FromMs} – {d.Service.ToMs}").DefaultIfEmpty("no such device"));
}
