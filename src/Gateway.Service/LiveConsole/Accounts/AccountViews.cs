using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Reports;
using Gateway.Engine;
using Gateway.Reports;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary>Reports and intervals in the shapes of API.md; pure.</summary>
internal static class AccountViews
{
    public static readonly string[] Scopes = ["site", "class", "enterprise", "device"];

    /// <summary>What holds at a moment and needs no time to pass.</summary>
    private static readonly Figure[] OfNow = [Figures.OnlineCount, Figures.InsuranceInForce];

    public static IntervalPageDto Page(PresencePage page) =>
        new([.. page.Items.Concat(page.Open).Select(r => IntervalOf(r, page.AliveMs))], page.Next?.ToString(), new HeadDto(page.HeadSeq, page.HeadHash, SiteEngine.Time(page.AliveMs)));

    /// <param name="by">One of <see cref="Scopes"/>.</param>
    /// <param name="moment">Only the figures that hold now, without the time before.</param>
    public static ComplianceDto Compliance(SiteReport report, string by, bool moment)
    {
        var scopes = by switch
        {
            "site" => [report.Site],
            "device" => report.Accounts.Devices.Select((_, i) => report.DeviceAt(i)),
            _ => report.Scopes.Where(s => s.Kind == (by == "class" ? ScopeKind.Class : ScopeKind.Enterprise)),
        };
        var names = report.Accounts.Devices.ToDictionary(d => d.Device.Id, d => d.Device.Name, StringComparer.Ordinal);
        return new ComplianceDto(WindowOf(report), BasisOf(report), by, [.. scopes.Select(s => new ScopeDto(by, s.Key, TitleOf(report, s, names), s.Tally.Devices,
            [.. s.Figures.Where(f => !moment || OfNow.Contains(f.Figure)).Select(FigureOf)]))]);
    }

    /// <param name="device">Null: all.</param>
    public static PresenceDaysDto Days(SiteReport report, string? device)
    {
        var unknown = report.Input.Policy.Unknown;
        var accounts = report.Accounts.Devices.Where(d => device is null || d.Device.Id == device);
        return new PresenceDaysDto(WindowOf(report), BasisOf(report), [.. accounts.Select(a => new DeviceDaysDto(a.Device.Id, a.Device.Name, a.Device.Kind, a.Device.Safety,
            [.. a.Days.Select((d, i) => DayOf(report.Accounts.Days[i].Date, d, unknown))],
            device is null ? null : [.. a.Pieces.Select(p => new PieceDto(ReportWords.IdOf(p.State), p.Cause, SiteEngine.Time(p.FromMs), SiteEngine.Time(p.ToMs), p.LengthMs, Row(p.Seq), Row(p.EntrySeq)))]))]);
    }

    public static string WordOf(WindowKind kind) => kind switch { WindowKind.Day => "day", WindowKind.Month => "month", WindowKind.BiMonth => "bi-month", _ => "any" };

    private static IntervalDto IntervalOf(PresenceRow row, long aliveMs) => new(row.Device, JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(row.State)!), row.Cause, SiteEngine.Time(row.FromMs),
        row.ToMs is { } toMs ? SiteEngine.Time(toMs) : null, Math.Max(0, (row.ToMs ?? aliveMs) - row.FromMs), Row(row.Seq), [.. row.Lifecycle.Select(LifecycleWords.IdOf)]);

    private static long? Row(long seq) => seq == 0 ? null : seq;

    private static DayDto DayOf(DateOnly date, in DeviceDay day, UnknownCounts unknown)
    {
        long requiredMs = day.RequiredMs(unknown);
        return new DayDto(date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), day.OnlineMs, day.OfflineMs, day.UnknownMs, day.ExcusedMs, day.NotInServiceMs, day.OnlineAlthoughExcusedMs,
            requiredMs, new Rate(day.OnlineMs, requiredMs).Percent);
    }

    private static WindowDto WindowOf(SiteReport report)
    {
        var window = report.Input.Window;
        return new WindowDto(WindowText.Of(window), WordOf(window.Kind), SiteEngine.Time(window.FromMs), SiteEngine.Time(window.ToMs), SiteEngine.Time(report.Accounts.ToMs), report.Accounts.ToMs == window.ToMs);
    }

    private static BasisDto BasisOf(SiteReport report)
    {
        var (input, evidence, lifecycle) = (report.Input, report.Input.Evidence, report.Input.Policy.Lifecycle);
        return new BasisDto(evidence.Gateway, evidence.HeadSeq, evidence.HeadHash, SiteEngine.Time(input.AsOfMs), evidence.LedgerSha256,
            new PolicyDto(input.Policy.Unknown == UnknownCounts.AsNotOnline ? "as-not-online" : "excluded", lifecycle.SuspensionDaysMax, lifecycle.LateAfterMs));
    }

    private static LocalText TitleOf(SiteReport report, ReportScope scope, Dictionary<string, LocalText> names) => scope.Kind switch
    {
        ScopeKind.Site => report.Input.Site.Name,
        ScopeKind.Device => names[scope.Key],
        ScopeKind.Enterprise => report.Input.Enterprises.FirstOrDefault(e => e.Id == scope.Key)?.Name ?? (scope.Key.Length == 0 ? new LocalText("未写明", "not stated") : new LocalText(scope.Key, scope.Key)),
        _ => new LocalText(scope.Key, scope.Key),
    };

    private static FigureDto FigureOf(FigureValue value) => new(value.Figure.Id, value.Figure.Name, value.Figure.Formula, value.Figure.Meaning, value.Figure.Goal, value.Percent, value.Met,
        [.. value.Terms.Select((number, i) => new TermDto(value.Figure.Terms[i].Symbol, value.Figure.Terms[i].Name, value.Figure.Terms[i].Unit, number))]);
}
