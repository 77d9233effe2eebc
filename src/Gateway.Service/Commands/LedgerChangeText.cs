using Gateway.Domain.Ledger;

namespace Gateway.Service.Commands;

/// <summary>Changes of the ledger for a person: one block an entry, what follows from it below.</summary>
internal static class LedgerChangeText
{
    public static void Show(TextWriter to, IReadOnlyList<LedgerChange> changes)
    {
        foreach (var change in changes)
        {
            to.WriteLine($"{(change.What switch { LedgerChangeKind.Added => '+', LedgerChangeKind.Removed => '-', _ => '~' })} {change.Kind} {change.Id}");
            // Of one that goes its id says enough; the file that is kept says the rest.
            if (change.What != LedgerChangeKind.Removed)
                foreach (var m in change.Members) to.WriteLine(change.What == LedgerChangeKind.Added ? $"    {m.Member}: {m.New}" : $"    {m.Member}: {m.Old ?? "-"} → {m.New ?? "-"}");
            foreach (var consequence in change.Consequences) to.WriteLine($"    » {consequence.En} / {consequence.Zh}");
        }
        to.WriteLine($"{Count(LedgerChangeKind.Added)} added, {Count(LedgerChangeKind.Changed)} changed, {Count(LedgerChangeKind.Removed)} removed / 新增 {Count(LedgerChangeKind.Added)}，修改 {Count(LedgerChangeKind.Changed)}，删除 {Count(LedgerChangeKind.Removed)}");

        int Count(LedgerChangeKind what) => changes.Count(c => c.What == what);
    }
}
