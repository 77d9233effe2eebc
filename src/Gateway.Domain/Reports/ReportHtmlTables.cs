using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;
using static Gateway.Domain.Reports.ReportPageWords;

namespace Gateway.Domain.Reports;

/// <summary>The tables of the printed page.</summary>
internal static class ReportHtmlTables
{
    public static void Exceptions(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        html.Append($"<h2>{words.T("异常", "Exceptions")}</h2>\n");
        if (report.Exceptions.Count == 0)
        {
            html.Append($"<p class=none>{words.T("无。", "None.")}</p>\n");
            return;
        }
        Begin(html, words.T("事项", "what"), words.T("对象", "of"), words.T("时间", "when"), ">" + words.T("时长", "how long"), ">" + words.T("链行", "rows"));
        foreach (var exception in report.Exceptions.Take(ReportHtml.LinesMax))
        {
            string when = exception.ToMs == 0 ? words.T("见下", "below") : words.Span(exception.FromMs, exception.ToMs);
            string detail = exception.Kind == ExceptionKind.NotOnline ? Missing(report, exception.Device, words) : words.Of(exception.Text);
            html.Append($"<tr><td><span class=bad>{words.Of(ReportWords.Of(exception.Kind))}</span><br><span class=s>{detail}</span></td><td class=o>{NameOf(report, exception.Device, words)}</td><td class=w>{when}</td><td class=n>{words.Duration(exception.Ms)}</td><td class=\"n s\">{RowsOf(exception.Rows)}</td></tr>\n");
        }
        End(html, report.Exceptions.Count, words);
    }

    public static void Excuses(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        if (report.Excuses.Count == 0) return;
        html.Append($"<h2>{words.T("生命周期登记与免计", "Lifecycle entries and excuses")}</h2>\n");
        Begin(html, words.T("登记", "entry"), words.T("设备", "device"), words.T("生效", "in effect"), words.T("申请 / 批准 / 备案", "asked / approved / filed"), ">" + words.T("本期免计", "excused here"));
        foreach (var excuse in report.Excuses.Take(ReportHtml.LinesMax))
        {
            var entry = excuse.Entry;
            string what = words.Of(LifecycleWords.Of(entry.Kind)) + (SuspensionReason.Find(entry.Reason) is { } reason ? $" · {words.Of(reason.Name)}" : "");
            string when = entry.UntilMs is { } untilMs ? words.Span(entry.EffectiveMs, untilMs) : words.Moment(entry.EffectiveMs);
            html.Append($"<tr><td>#{entry.Seq} {what}{Flags(excuse, words)}</td><td>{NameOf(report, entry.Device, words)}</td><td>{when}<br><span class=s>{words.T("登记于", "entered")} {words.Moment(entry.EnteredMs)}</span></td>");
            html.Append($"<td>{Escape(entry.Requester)} / {Escape(entry.Approver ?? "–")}<br><span class=s>{Escape(entry.Filing ?? "–")}</span></td><td class=n>{words.Duration(excuse.ExcusedMs)}</td></tr>\n");
        }
        End(html, report.Excuses.Count, words);
    }

    public static void Scopes(StringBuilder html, SiteReport report, ReportPageWords words, ScopeKind kind, string title)
    {
        var scopes = report.Scopes.Where(s => s.Kind == kind).ToList();
        if (scopes.Count == 0) return;
        html.Append($"<h2>{title}</h2>\n");
        Begin(html, "", ">" + words.T("台数", "devices"), ">" + words.T("安全装置在线率", "safety devices online"), ">" + words.T("全部在线率", "all online"), ">" + words.T("在线使用率", "online in use"), ">" + words.T("持证上岗率", "certified"), ">" + words.T("传输有效率", "effective data"));
        foreach (var scope in scopes.Take(ReportHtml.LinesMax))
        {
            html.Append($"<tr><td>{ScopeName(report, scope, words)}</td><td class=n>{N(scope.Tally.Devices)}</td>");
            foreach (var figure in new[] { Figures.OnlineTime, Figures.OnlineTimeAll, Figures.OnlineInUse, Figures.OperatorsCertified, Figures.DataEffective })
            {
                var value = scope.Figures.Single(f => f.Figure == figure);
                html.Append($"<td class=\"n{(value is { Met: false, Percent: not null, Figure.Goal: true } ? " bad" : "")}\">{words.Percent(value.Percent)}</td>");
            }
            html.Append("</tr>\n");
        }
        End(html, scopes.Count, words);
    }

    public static void Days(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        html.Append($"<h2>{words.T("逐日（安全装置）", "Day by day (safety devices)")}</h2>\n");
        html.Append("<div class=tight>");
        Begin(html, words.T("日期", "date"), ">" + words.T("在线率", "online"), ">" + words.T("离线", "offline"), ">" + words.T("未知", "unknown"), ">" + words.T("免计", "excused"), ">" + words.T("未投用", "not in service"));
        for (int i = 0; i < report.SafetyDays.Count; i++)
        {
            var day = report.SafetyDays[i];
            var rate = new Rate(day.OnlineMs, day.RequiredMs(report.Input.Policy.Unknown));
            html.Append($"<tr><td class=w>{ReportJson.DateOf(report.Accounts.Days[i].Date)}</td><td class=\"n{(rate.Percent is not null && !rate.Met ? " bad" : "")}\">{words.Percent(rate.Percent)}</td>");
            foreach (long ms in new[] { day.OfflineMs, day.UnknownMs, day.ExcusedMs, day.NotInServiceMs }) html.Append($"<td class=n>{(ms == 0 ? "–" : words.Duration(ms))}</td>");
            html.Append("</tr>\n");
        }
        End(html, report.SafetyDays.Count, words);
        html.Append("</div>\n");
    }

    public static void Devices(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        var unknown = report.Input.Policy.Unknown;
        var ordered = report.Accounts.Devices.OrderByDescending(d => d.Device.Safety).ThenByDescending(d => d.Total.RequiredMs(unknown) - d.Total.OnlineMs).ThenBy(d => d.Device.Id, StringComparer.Ordinal).ToList();
        if (ordered.Count == 0) return;
        html.Append($"<h2>{words.T("设备", "Devices")}</h2>\n<p class=legend>");
        foreach (var state in Enum.GetValues<AccountState>()) html.Append($"<span><i class={ReportWords.IdOf(state)}></i>{words.Of(ReportWords.Of(state))}</span>");
        html.Append($"<span>{words.T("过短的中断放宽到可见", "gaps too short to be seen are drawn wider")}</span></p>\n<table class=devices><thead><tr><th>{words.T("设备", "device")}</th><th></th><th class=n>{words.T("在线率", "online")}</th><th class=n>{words.T("离线 / 未知", "offline / unknown")}</th></tr></thead><tbody>\n");
        foreach (var account in ordered.Take(ReportHtml.RibbonsMax))
        {
            var rate = new Rate(account.Total.OnlineMs, account.Total.RequiredMs(unknown));
            html.Append($"<tr><td>{words.Of(account.Device.Name)}<br><span class=s>{Escape(account.Device.Id)} · {Escape(account.Device.Kind)}{(account.Device.Safety ? " · " + words.T("安全装置", "safety") : "")}</span></td><td>");
            ReportRibbon.Write(html, account, report.Input.Window, report.Accounts.Days);
            html.Append($"</td><td class=\"n{(rate.Percent is not null && !rate.Met && account.Device.Safety ? " bad" : "")}\">{words.Percent(rate.Percent)}</td><td class=\"n s\">{words.Duration(account.Total.OfflineMs)}<br>{words.Duration(account.Total.UnknownMs)}{Proven(account.Total.OfflineMeasuredMs + account.Total.UnknownMeasuredMs, words)}</td></tr>\n");
        }
        html.Append("</tbody></table>\n");
        if (ordered.Count > ReportHtml.RibbonsMax) html.Append($"<p class=s>{words.T($"另有 {ordered.Count - ReportHtml.RibbonsMax} 台设备未画出，见表格文件。", $"{ordered.Count - ReportHtml.RibbonsMax} more devices are not drawn; the tables hold them.")}</p>\n");
    }

    /// <summary>What the figures are short of, stretch by stretch, down to the rows of the chain.</summary>
    public static void Intervals(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        var lacking = report.Accounts.Devices.OrderByDescending(d => d.Device.Safety).SelectMany(d => d.Pieces.Where(p => p.State is AccountState.Offline or AccountState.Unknown or AccountState.Excused).Select(p => (d.Device, Piece: p))).ToList();
        if (lacking.Count == 0) return;
        html.Append($"<h2>{words.T("离线、未知与免计的时段", "Stretches offline, unknown and excused")}</h2>\n<div class=tight>");
        Begin(html, words.T("设备", "device"), words.T("状态", "state"), words.T("时间", "when"), ">" + words.T("时长", "how long"), ">" + words.T("链行", "row"), ">" + words.T("登记", "entry"));
        foreach (var (device, piece) in lacking.Take(ReportHtml.LinesMax))
        {
            string heard = piece.OnlineAlthoughExcused ? words.T("，仍在线", ", online") : "";
            html.Append($"<tr><td>{Escape(device.Id)}</td><td>{words.Of(ReportWords.Of(piece.State))} · {words.Of(ReportWords.OfCause(piece.State, piece.Cause))}{heard}{Proven(piece.MeasuredMs, words)}</td><td class=w>{words.Span(piece.FromMs, piece.ToMs)}</td>");
            html.Append($"<td class=n>{words.Duration(piece.LengthMs)}</td><td class=n>{(piece.Seq > 0 ? N(piece.Seq) : "–")}</td><td class=n>{(piece.EntrySeq > 0 ? N(piece.EntrySeq) : "–")}</td></tr>\n");
        }
        End(html, lacking.Count, words);
        html.Append("</div>\n");
    }

    /// <summary>What a device told later proves that it measured; it was not online for that.</summary>
    private static string Proven(long measuredMs, ReportPageWords words) =>
        measuredMs == 0 ? "" : $"<br><span class=s>{words.T("补传数据证明在测 ", "measuring, as told later: ")}{words.Duration(measuredMs)}</span>";

    private static string Missing(SiteReport report, string device, ReportPageWords words)
    {
        var account = report.Accounts.Devices.Single(d => d.Device.Id == device);
        return string.Join(words.T("；", "; "), account.Causes(report.Accounts.Window.FromMs, report.Accounts.ToMs).Where(c => c.State is AccountState.Offline or AccountState.Unknown)
            .Select(c => $"{words.Of(ReportWords.Of(c.State))}{words.T("（", " (")}{words.Of(ReportWords.OfCause(c.State, c.Cause))}{words.T("）", ") ")}{words.Duration(c.Ms)}"));
    }

    private static string Flags(ReportExcuse excuse, ReportPageWords words)
    {
        string flags = "";
        if (excuse.Late) flags += $"<br><span class=bad>{words.T("补登", "entered late")}</span>";
        if (excuse.Refused) flags += $"<br><span class=bad>{words.T("不合规，不予免计", "against the rules, excuses nothing")}</span>";
        if (excuse.Entry.Corrects is { } corrected) flags += $"<br><span class=s>{words.T("更正", "corrects")} #{corrected}</span>";
        if (excuse.CorrectedBy is { } by) flags += $"<br><span class=s>{words.T("已由 ", "corrected by ")}#{by}{words.T(" 更正", "")}</span>";
        return flags;
    }

    private static string ScopeName(SiteReport report, ReportScope scope, ReportPageWords words)
    {
        if (scope.Key.Length == 0) return words.T("未注明", "not stated");
        var enterprise = scope.Kind == ScopeKind.Enterprise ? report.Input.Enterprises.FirstOrDefault(e => e.Id == scope.Key) : null;
        return enterprise is null ? Escape(scope.Key) : words.Of(enterprise.Name);
    }

    private static string NameOf(SiteReport report, string device, ReportPageWords words)
    {
        if (device.Length == 0) return words.T("工地", "site");
        LocalText? name = report.Input.Devices.FirstOrDefault(d => d.Id == device)?.Name;
        return name is null ? Escape(device) : $"{words.Of(name)}<br><span class=s>{Escape(device)}</span>";
    }

    private static string RowsOf(IReadOnlyList<long> rows) => rows.Count <= 4 ? string.Join(", ", rows) : $"{rows[0]}, {rows[1]} … {rows[^1]} ({rows.Count})";

    /// <param name="heads">Those that begin with &gt; stand over numbers.</param>
    private static void Begin(StringBuilder html, params ReadOnlySpan<string> heads)
    {
        html.Append("<table><thead><tr>");
        foreach (string head in heads) html.Append(head.StartsWith('>') ? $"<th class=n>{head[1..]}</th>" : $"<th>{head}</th>");
        html.Append("</tr></thead><tbody>\n");
    }

    private static void End(StringBuilder html, int lines, ReportPageWords words)
    {
        html.Append("</tbody></table>\n");
        if (lines > ReportHtml.LinesMax) html.Append($"<p class=s>{words.T($"另有 {lines - ReportHtml.LinesMax} 行，见可校验文件。", $"{lines - ReportHtml.LinesMax} more lines stand in the verifiable file.")}</p>\n");
    }
}
