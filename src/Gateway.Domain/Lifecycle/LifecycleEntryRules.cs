using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>What one entry must be by itself, whatever else the log says.</summary>
internal static class LifecycleEntryRules
{
    // Years 1970 to 9999: what a calendar can show.
    private const long LastMs = 253_402_300_799_999;

    private const long HourMs = 3_600_000;

    /// <summary>All that is wrong with it; empty when nothing is.</summary>
    public static List<LocalText> ProblemsOf(LifecycleEntry entry, LifecyclePolicy policy)
    {
        var problems = new List<LocalText>();
        if (string.IsNullOrWhiteSpace(entry.Device)) problems.Add(LifecycleWords.Missing("设备", "device"));
        if (PersonName.Key(entry.Requester).Length == 0) problems.Add(LifecycleWords.Missing("申请人", "requester"));
        if (entry.EffectiveMs is < 0 or > LastMs) problems.Add(new("生效时间超出 1970 至 9999 年", "the effective time lies outside the years 1970 to 9999"));
        if (!Enum.IsDefined(entry.Kind)) problems.Add(new($"没有种类 {(int)entry.Kind}", $"there is no kind {(int)entry.Kind}"));
        if (entry.Kind == LifecycleKind.Withdrawn && entry.Corrects is null) problems.Add(new("撤销须写明所撤销的记录", "a withdrawal names the entry it takes back"));
        if (entry.AttachmentSha256 is { } hash && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigit))) problems.Add(new("附件摘要应为 64 位十六进制（SHA-256）", "the attachment's SHA-256 has 64 hex digits"));
        if (entry.Kind == LifecycleKind.Suspended) Suspension(entry, policy, problems);
        else if (entry.UntilMs is not null || entry.Reason is not null) problems.Add(new("只有停用有截止时间和原因代码", "only a suspension has an end and a reason"));
        return problems;
    }

    private static void Suspension(LifecycleEntry entry, LifecyclePolicy policy, List<LocalText> problems)
    {
        if (!PersonName.AreTwo(entry.Requester, entry.Approver)) problems.Add(new("停用须由申请人以外的人批准", "a suspension needs an approver other than the requester"));
        var reason = SuspensionReason.Find(entry.Reason);
        if (reason is null) problems.Add(new($"停用原因应为：{string.Join("、", SuspensionReason.All.Select(r => r.Id))}", $"the reason is one of: {string.Join(", ", SuspensionReason.All.Select(r => r.Id))}"));
        if (reason is { NeedsAttachment: true } && entry.AttachmentSha256 is null) problems.Add(new($"“{reason.Name.Zh}”须附证明", $"\"{reason.Name.En}\" needs an attachment as evidence"));
        if (entry.UntilMs is not { } untilMs)
        {
            problems.Add(new("停用须有截止时间", "a suspension has an end"));
            return;
        }
        if (untilMs > LastMs) problems.Add(new("截止时间超出 9999 年", "the end lies behind the year 9999"));
        if (untilMs <= entry.EffectiveMs) problems.Add(new("截止时间须晚于生效时间", "the end lies behind the effective time"));
        long hoursMax = Math.Min(policy.SuspensionDaysMax * 24L, reason?.HoursMax ?? long.MaxValue);
        if (untilMs - entry.EffectiveMs > hoursMax * HourMs) problems.Add(new($"停用不得超过 {hoursMax} 小时", $"a suspension lasts {hoursMax} hours at most"));
    }
}

/// <summary>Tells people apart by what they are called.</summary>
internal static class PersonName
{
    /// <summary>Two names, and not the same but for case and blanks, also invisible ones.</summary>
    public static bool AreTwo(string one, string? other) => Key(other) is { Length: > 0 } key && key != Key(one);

    public static string Key(string? name) =>
        string.Concat((name ?? "").Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)).ToUpperInvariant();
}
