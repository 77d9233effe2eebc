using Gateway.Domain.Ledger;

namespace Gateway.Domain.Compliance;

/// <summary>A stretch in which other evidence (load, slewing, its drive) says that a machine worked. Half open, ms.</summary>
/// <param name="Operator">Id of the operator who was identified meanwhile, or null.</param>
/// <param name="Seq">Its chain row; 0: not in the chain.</param>
/// <param name="Evidence">The other device of the same machine that showed it; null: the device itself.</param>
public sealed record WorkingInterval(string Device, long FromMs, long ToMs, string? Operator = null, long Seq = 0, string? Evidence = null);

/// <summary>Working time under each heading of the accounts, and how much of it was operated by somebody who may; ms. One device or several added up.</summary>
/// <param name="OperatedMs">Working time of machines whose kind needs a certificate.</param>
/// <param name="CertifiedMs">Of that, with an identified operator whose certificate fits and is valid that day.</param>
public readonly record struct WorkTime(long OnlineMs, long OfflineMs, long UnknownMs, long ExcusedMs, long NotInServiceMs, long OperatedMs, long CertifiedMs)
{
    /// <summary>Working time in which the machine had to be online.</summary>
    public long RequiredMs(UnknownCounts unknown) => OnlineMs + OfflineMs + (unknown == UnknownCounts.AsNotOnline ? UnknownMs : 0);

    public static WorkTime operator +(WorkTime a, WorkTime b) => new(a.OnlineMs + b.OnlineMs, a.OfflineMs + b.OfflineMs, a.UnknownMs + b.UnknownMs, a.ExcusedMs + b.ExcusedMs,
        a.NotInServiceMs + b.NotInServiceMs, a.OperatedMs + b.OperatedMs, a.CertifiedMs + b.CertifiedMs);

    public static WorkTime Add(WorkTime left, WorkTime right) => left + right;

    internal WorkTime With(AccountState state, long ms) => state switch
    {
        AccountState.Online => this with { OnlineMs = OnlineMs + ms },
        AccountState.Offline => this with { OfflineMs = OfflineMs + ms },
        AccountState.Unknown => this with { UnknownMs = UnknownMs + ms },
        AccountState.Excused => this with { ExcusedMs = ExcusedMs + ms },
        _ => this with { NotInServiceMs = NotInServiceMs + ms },
    };
}

/// <summary>A machine worked while its safety device was not online.</summary>
/// <param name="State">Offline: bypass. Unknown: not provable. Excused and not in service: it worked although it was said to stand still.</param>
/// <param name="WorkSeq">Row of the working interval; 0: not in the chain.</param>
/// <param name="Seq">Row of the presence interval; 0: none or open.</param>
public sealed record WorkFinding(string Device, AccountState State, string Cause, long FromMs, long ToMs, long WorkSeq, long Seq, long EntrySeq);

/// <summary>A machine worked without an operator who may; ms, half open.</summary>
/// <param name="Operator">Who was identified; null: nobody.</param>
public sealed record OperatorFinding(string Device, string? Operator, long FromMs, long ToMs, long WorkSeq);

/// <summary>Working time of one device against its accounts and the certificates of who operated it.</summary>
public sealed record WorkAccount(string Device, WorkTime Time, IReadOnlyList<WorkFinding> Silent, IReadOnlyList<OperatorFinding> Uncertified)
{
    /// <summary>One for each device of the accounts, in their order. Working intervals that overlap are counted once, the one that begins first being believed.</summary>
    public static IReadOnlyList<WorkAccount> Of(SiteAccounts accounts, IEnumerable<WorkingInterval> work, IReadOnlyList<Operator> operators)
    {
        var people = operators.ToDictionary(o => o.Id, StringComparer.Ordinal);
        var rows = work.ToLookup(w => w.Device, StringComparer.Ordinal);
        return [.. accounts.Devices.Select(d => Of(d, accounts, [.. rows[d.Device.Id]], people))];
    }

    private static WorkAccount Of(DeviceAccount account, SiteAccounts accounts, List<WorkingInterval> rows, Dictionary<string, Operator> people)
    {
        var time = default(WorkTime);
        var (silent, uncertified) = (new List<WorkFinding>(), new List<OperatorFinding>());
        foreach (var interval in Disjoint(rows, accounts.Window.FromMs, accounts.ToMs))
        {
            foreach (var piece in Covering(account.Pieces, interval))
            {
                long fromMs = Math.Max(piece.FromMs, interval.FromMs), toMs = Math.Min(piece.ToMs, interval.ToMs);
                time = time.With(piece.State, toMs - fromMs);
                if (piece.State != AccountState.Online) silent.Add(new WorkFinding(account.Device.Id, piece.State, piece.Cause, fromMs, toMs, interval.Seq, piece.Seq, piece.EntrySeq));
            }
            if (CertificateTypes.AreNeededFor(account.Device.Kind)) time = Operated(account.Device, accounts.Days, interval, people, time, uncertified);
        }
        return new WorkAccount(account.Device.Id, time, silent, uncertified);
    }

    /// <summary>Day by day: a certificate is valid on civil days.</summary>
    private static WorkTime Operated(AccountDevice device, IReadOnlyList<CivilDay> days, WorkingInterval interval, Dictionary<string, Operator> people, WorkTime time, List<OperatorFinding> uncertified)
    {
        var person = interval.Operator is { } id ? people.GetValueOrDefault(id) : null;
        foreach (var day in days)
        {
            long fromMs = Math.Max(day.FromMs, interval.FromMs), toMs = Math.Min(day.ToMs, interval.ToMs);
            if (toMs <= fromMs) continue;
            bool may = person is not null && person.MayOperate(device.Kind, day.Date);
            time = time with { OperatedMs = time.OperatedMs + toMs - fromMs, CertifiedMs = time.CertifiedMs + (may ? toMs - fromMs : 0) };
            if (may) continue;
            bool goesOn = uncertified.Count > 0 && uncertified[^1].ToMs == fromMs && uncertified[^1].Operator == interval.Operator && uncertified[^1].WorkSeq == interval.Seq;
            if (goesOn) uncertified[^1] = uncertified[^1] with { ToMs = toMs };
            else uncertified.Add(new OperatorFinding(device.Id, interval.Operator, fromMs, toMs, interval.Seq));
        }
        return time;
    }

    private static IEnumerable<AccountPiece> Covering(IReadOnlyList<AccountPiece> pieces, WorkingInterval interval)
    {
        int low = 0, high = pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (pieces[middle].ToMs <= interval.FromMs) low = middle + 1;
            else high = middle;
        }
        for (int i = low; i < pieces.Count && pieces[i].FromMs < interval.ToMs; i++) yield return pieces[i];
    }

    private static IEnumerable<WorkingInterval> Disjoint(List<WorkingInterval> rows, long fromMs, long toMs)
    {
        long cursor = fromMs;
        foreach (var row in rows.OrderBy(w => w.FromMs).ThenBy(w => w.Seq).ThenBy(w => w.ToMs).ThenBy(w => w.Operator, StringComparer.Ordinal))
        {
            long beginsMs = Math.Max(row.FromMs, cursor), endsMs = Math.Min(row.ToMs, toMs);
            if (endsMs <= beginsMs) continue;
            cursor = endsMs;
            yield return row with { FromMs = beginsMs, ToMs = endsMs };
        }
    }
}
