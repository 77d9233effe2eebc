using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>What makes one ledger another.</summary>
public static class LedgerComparison
{
    /// <returns>In the order of the sections; empty when both say the same, however it is written.</returns>
    public static IReadOnlyList<LedgerChange> Of(SiteLedger old, SiteLedger @new)
    {
        var changes = new List<LedgerChange>();
        if (Compare("site", @new.Site.Id, LedgerMembers.Of(old), LedgerMembers.Of(@new)) is { } site)
            changes.Add(site with { Consequences = LedgerConsequences.OfSite(site), NeedsRestart = site.Members.Any(m => m.Member is "id" or "timeZone") });
        Section(changes, "enterprise", old.Enterprises, @new.Enterprises, e => $"{e.Id} {e.Role}", LedgerMembers.Of, (_, _, _) => []);
        Section(changes, "machine", old.Machines, @new.Machines, m => m.Id, LedgerMembers.Of, (_, _, _) => []);
        Section(changes, "calendar", old.Calendars, @new.Calendars, c => c.Id, LedgerMembers.Of, (_, _, _) => []);
        Section(changes, "bus", old.Buses, @new.Buses, b => b.Id, LedgerMembers.Of, (_, b, change) => LedgerConsequences.OfBus(b, change, @new));
        Section(changes, "device", old.Devices, @new.Devices, d => d.Id, LedgerMembers.Of, LedgerConsequences.OfDevice);
        Section(changes, "client", old.Clients, @new.Clients, c => c.Id, LedgerMembers.Of, LedgerConsequences.OfClient);
        Section(changes, "operator", old.Operators, @new.Operators, o => o.Id, LedgerMembers.Of, LedgerConsequences.OfOperator);
        Section(changes, "policy", old.Policies, @new.Policies, p => p.Number, LedgerMembers.Of, LedgerConsequences.OfPolicy);
        return changes;
    }

    private static void Section<T>(List<LedgerChange> changes, string kind, IReadOnlyList<T> old, IReadOnlyList<T> @new, Func<T, string> id,
        Func<T, IReadOnlyList<(string, string?)>> members, Func<T?, T?, LedgerChange, IReadOnlyList<LocalText>> consequences)
        where T : class
    {
        // An enterprise may stand twice in the same role; whichever comes last holds.
        var before = ById(old, id);
        var after = ById(@new, id);
        foreach (var (key, item) in before.Where(b => !after.ContainsKey(b.Key)).Concat(after))
        {
            var (was, becomes) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            if (Compare(kind, key, was is null ? null : members(was), becomes is null ? null : members(becomes)) is { } change)
                changes.Add(LedgerRestart.Judge(change with { Consequences = consequences(was, becomes, change) }, was, becomes));
        }
    }

    private static Dictionary<string, T> ById<T>(IReadOnlyList<T> items, Func<T, string> id)
    {
        var byId = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items) byId[id(item)] = item;
        return byId;
    }

    private static LedgerChange? Compare(string kind, string id, IReadOnlyList<(string Member, string? Value)>? old, IReadOnlyList<(string Member, string? Value)>? @new)
    {
        var what = old is null ? LedgerChangeKind.Added : @new is null ? LedgerChangeKind.Removed : LedgerChangeKind.Changed;
        var members = (@new ?? old!).Select((m, i) => new MemberChange(m.Member, old?[i].Value, @new?[i].Value)).Where(m => m.Old != m.New).ToList();
        return what == LedgerChangeKind.Changed && members.Count == 0 ? null : new LedgerChange(kind, id, what, members, [], NeedsRestart: false);
    }
}
