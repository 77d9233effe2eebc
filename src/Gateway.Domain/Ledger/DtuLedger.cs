namespace Gateway.Domain.Ledger;

/// <summary>The boxes of a ledger that carry several devices each.</summary>
public static class DtuLedger
{
    /// <summary>Ids of the clients that more than one device comes in through, in the ledger's order.</summary>
    public static IReadOnlyList<string> Dtus(this SiteLedger ledger) => [.. ledger.Clients.Select(c => c.Id).Where(id => ledger.Devices.Count(d => d.Login == id) > 1)];
}
