using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Compliance;

/// <summary>
/// Lays the lifecycle log over what was heard, and books every millisecond of every device under exactly one heading.
/// </summary>
/// <remarks>
/// Not in service wins over all, excused over what was heard, also over online: time that is excused is not required, whether or not the device was there.
/// What no interval speaks of is unknown. Pure; the order of the input does not matter.
/// </remarks>
public static class Accounts
{
    /// <exception cref="ArgumentException">A device is given twice, or has two open intervals.</exception>
    public static SiteAccounts Of(AccountInput input)
    {
        long fromMs = input.Window.FromMs, toMs = Math.Max(fromMs, Math.Min(input.Window.ToMs, input.AsOfMs));
        var days = input.Window.DaysUntil(toMs);
        var findings = new List<AccountFinding>();
        var rows = input.Devices.ToDictionary(d => d.Id, _ => new List<AccountInterval>(), StringComparer.Ordinal);
        foreach (var interval in input.Presence)
            if (rows.TryGetValue(interval.Device, out var mine)) mine.Add(interval);
        var open = input.Open.ToDictionary(o => o.Device, StringComparer.Ordinal);
        var proofs = input.Measured.ToLookup(m => m.Device, StringComparer.Ordinal);
        var devices = new List<DeviceAccount>(rows.Count);
        foreach (var device in input.Devices.OrderBy(d => d.Id, StringComparer.Ordinal))
        {
            var heard = new HeardTime(device.Id, fromMs, toMs, findings).Of(rows[device.Id], open.GetValueOrDefault(device.Id));
            var pieces = Pieces(heard, input.Lifecycle.Of(device.Id), fromMs, toMs);
            var measured = MeasuredTime.Merged(proofs[device.Id]);
            for (int i = 0; measured.Count > 0 && i < pieces.Count; i++)
                if (MeasuredTime.CanProve(pieces[i])) pieces[i] = pieces[i] with { MeasuredMs = MeasuredTime.Within(measured, pieces[i].FromMs, pieces[i].ToMs) };
            devices.Add(new DeviceAccount(device, Sum(pieces, days, measured), pieces));
        }
        return new SiteAccounts(input.Window, toMs, days, devices, findings);
    }

    private static List<AccountPiece> Pieces(List<AccountInterval> heard, IReadOnlyList<LifecycleSpan> spans, long fromMs, long toMs)
    {
        var pieces = new List<AccountPiece>(heard.Count + 4);
        int next = 0, span = 0;
        for (long cursor = fromMs; cursor < toMs;)
        {
            while (spans[span].ToMs <= cursor) span++;
            while (next < heard.Count && heard[next].ToMs <= cursor) next++;
            var speaks = next < heard.Count && heard[next].FromMs <= cursor ? heard[next] : null;
            long heardToMs = speaks?.ToMs ?? (next < heard.Count ? heard[next].FromMs : toMs);
            long endMs = Math.Min(Math.Min(heardToMs, spans[span].ToMs), toMs);
            var piece = Book(spans[span], speaks, cursor, endMs);
            if (pieces.Count > 0 && piece.Continues(pieces[^1])) pieces[^1] = pieces[^1] with { ToMs = endMs };
            else pieces.Add(piece);
            cursor = endMs;
        }
        return pieces;
    }

    private static AccountPiece Book(LifecycleSpan span, AccountInterval? speaks, long fromMs, long toMs)
    {
        long seq = HeardTime.Shown(speaks?.Seq ?? 0), entrySeq = span.Entry?.Seq ?? 0;
        var heard = speaks?.State ?? PresenceState.Unknown;
        return span.State switch
        {
            LifecycleState.InService => speaks switch
            {
                null => new(AccountState.Unknown, AccountCause.NoRecord, fromMs, toMs, 0, entrySeq, heard),
                { State: PresenceState.Online } => new(AccountState.Online, "", fromMs, toMs, seq, entrySeq, heard),
                { State: PresenceState.Offline } => new(AccountState.Offline, speaks.Cause, fromMs, toMs, seq, entrySeq, heard),
                { State: PresenceState.Unknown } => new(AccountState.Unknown, speaks.Cause, fromMs, toMs, seq, entrySeq, heard),
                _ => new(AccountState.Unknown, AccountCause.NotWatched, fromMs, toMs, seq, entrySeq, heard),
            },
            LifecycleState.Suspended => new(AccountState.Excused, span.Entry!.Reason!, fromMs, toMs, seq, entrySeq, heard),
            // Nobody asks what was heard of it: one piece, whatever the intervals say.
            _ => new(AccountState.NotInService, LifecycleWords.IdOf(span.State), fromMs, toMs, 0, entrySeq, PresenceState.NotInService),
        };
    }

    private static DeviceDay[] Sum(List<AccountPiece> pieces, IReadOnlyList<CivilDay> days, List<(long FromMs, long ToMs)> measured)
    {
        var sums = new DeviceDay[days.Count];
        int first = 0;
        for (int day = 0; day < sums.Length; day++)
        {
            while (first < pieces.Count && pieces[first].ToMs <= days[day].FromMs) first++;
            for (int i = first; i < pieces.Count && pieces[i].FromMs < days[day].ToMs; i++)
            {
                var piece = pieces[i];
                long fromMs = Math.Max(piece.FromMs, days[day].FromMs), toMs = Math.Min(piece.ToMs, days[day].ToMs);
                sums[day] = sums[day].With(piece, toMs - fromMs, piece.MeasuredMs > 0 ? MeasuredTime.Within(measured, fromMs, toMs) : 0);
            }
        }
        return sums;
    }
}
