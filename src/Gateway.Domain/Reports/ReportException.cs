using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Reports;

/// <summary>What a reader must see first, the gravest kind first.</summary>
public enum ExceptionKind : byte
{
    /// <summary>A machine worked while its safety device was offline.</summary>
    Bypass,

    /// <summary>A machine worked while it was said to be suspended or out of service.</summary>
    WorkedAlthoughExcused,

    /// <summary>A machine worked while nobody could have heard its safety device.</summary>
    WorkedUnknown,

    /// <summary>A machine worked without an operator who may.</summary>
    Uncertified,

    /// <summary>Days without insurance.</summary>
    Uninsured,

    /// <summary>A safety device that was not online all the time it had to be.</summary>
    NotOnline,

    /// <summary>The log itself contradicts the rules.</summary>
    EntryRefused,

    /// <summary>The rows of presence contradict themselves.</summary>
    Record,
}

/// <param name="Device">Empty when it is about the site.</param>
/// <param name="FromMs">0 with <paramref name="ToMs"/> when it is not one stretch of time.</param>
/// <param name="Ms">How much of it.</param>
/// <param name="Rows">Chain rows it rests on, ascending.</param>
public sealed record ReportException(ExceptionKind Kind, string Device, long FromMs, long ToMs, long Ms, LocalText Text, IReadOnlyList<long> Rows)
{
    internal static List<ReportException> Of(SiteAccounts accounts, IReadOnlyList<WorkAccount> work, InsuranceDays insurance, LifecycleTimeline timeline, UnknownCounts unknown)
    {
        var found = new List<ReportException>();
        foreach (var silent in work.SelectMany(w => w.Silent)) found.Add(Of(silent));
        foreach (var person in work.SelectMany(w => w.Uncertified))
        {
            var text = person.Operator is null ? new LocalText("作业时未识别到操作人员", "it worked without an identified operator") : new LocalText($"操作人员 {person.Operator} 无相符的有效证件", $"operator {person.Operator} has no fitting certificate valid that day");
            found.Add(new(ExceptionKind.Uncertified, person.Device, person.FromMs, person.ToMs, person.ToMs - person.FromMs, text, RowsOf(person.WorkSeq)));
        }
        foreach (var day in accounts.Days.Where(d => insurance.Uncovered.Contains(d.Date)))
        {
            bool goesOn = found.Count > 0 && found[^1].Kind == ExceptionKind.Uninsured && found[^1].ToMs == day.FromMs;
            if (goesOn) found[^1] = found[^1] with { ToMs = day.ToMs, Ms = found[^1].Ms + day.LengthMs };
            else found.Add(new(ExceptionKind.Uninsured, "", day.FromMs, day.ToMs, day.LengthMs, new("无生效的安责险保单", "no policy in force"), []));
        }
        foreach (var account in accounts.Devices.Where(d => d.Device.Safety))
        {
            long missingMs = account.Total.RequiredMs(unknown) - account.Total.OnlineMs;
            if (missingMs > 0) found.Add(new(ExceptionKind.NotOnline, account.Device.Id, 0, 0, missingMs, WordsOf(account.Total), RowsOf([.. account.Pieces.Where(p => Missing(p, unknown)).Select(p => p.Seq)])));
        }
        foreach (var refusal in timeline.Refused)
        {
            var text = new LocalText(string.Join("；", refusal.Problems.Select(p => p.Zh)), string.Join("; ", refusal.Problems.Select(p => p.En)));
            found.Add(new(ExceptionKind.EntryRefused, refusal.Entry.Device, refusal.Entry.EffectiveMs, refusal.Entry.EffectiveMs, 0, text, RowsOf(refusal.Entry.Seq)));
        }
        foreach (var record in accounts.Findings) found.Add(new(ExceptionKind.Record, record.Device, record.FromMs, record.ToMs, Math.Max(0, record.ToMs - record.FromMs), record.Text, RowsOf(record.Seq, record.OtherSeq)));
        return [.. found.OrderBy(e => e.Kind).ThenByDescending(e => e.Kind == ExceptionKind.NotOnline ? e.Ms : 0).ThenBy(e => e.Device, StringComparer.Ordinal).ThenBy(e => e.FromMs).ThenBy(e => e.ToMs)];
    }

    private static ReportException Of(WorkFinding silent)
    {
        var (kind, text) = silent.State switch
        {
            AccountState.Offline => (ExceptionKind.Bypass, new LocalText("设备作业而安全装置离线（旁路）", "it worked while its safety device was offline (bypass)")),
            AccountState.Unknown => (ExceptionKind.WorkedUnknown, new LocalText("设备作业，而安全装置状态未知", "it worked while the state of its safety device was unknown")),
            AccountState.Excused => (ExceptionKind.WorkedAlthoughExcused, new LocalText("停用免计期间仍在作业", "it worked although it was excused as suspended")),
            _ => (ExceptionKind.WorkedAlthoughExcused, new LocalText("未投入使用期间仍在作业", "it worked although it was not in service")),
        };
        return new(kind, silent.Device, silent.FromMs, silent.ToMs, silent.ToMs - silent.FromMs, text, RowsOf(silent.WorkSeq, silent.Seq, silent.EntrySeq));
    }

    private static bool Missing(AccountPiece piece, UnknownCounts unknown) => piece.State == AccountState.Offline || (piece.State == AccountState.Unknown && unknown == UnknownCounts.AsNotOnline);

    private static LocalText WordsOf(DeviceDay total) => new($"离线 {total.OfflineMs} 毫秒，未知 {total.UnknownMs} 毫秒", $"offline {total.OfflineMs} ms, unknown {total.UnknownMs} ms");

    private static long[] RowsOf(params ReadOnlySpan<long> rows) => [.. rows.ToArray().Where(r => r > 0).Distinct().Order()];
}
