using System.Text;
using Gateway.Domain.Compliance;
using static Gateway.Domain.Reports.ReportPageWords;

namespace Gateway.Domain.Reports;

/// <summary>A page to print: three figures, exceptions first, then excuses, classes, enterprises, days, each device's ribbon, the stretches that are missing, and at the end definitions and evidence.</summary>
/// <remarks>One HTML file without scripts and without anything to be loaded; A4. The same report gives the same bytes.</remarks>
public static class ReportHtml
{
    /// <summary>More devices than this have no ribbon of their own: those that missed most come first, the tables hold all.</summary>
    public const int RibbonsMax = 300;

    /// <summary>More lines than this of one table are counted, not printed; the tables and the verifiable form hold all.</summary>
    public const int LinesMax = 500;

    private static readonly Figure[] Rules = [Figures.OnlineTime, Figures.OperatorsCertified, Figures.InsuranceInForce];

    /// <param name="zone">The site's zone.</param>
    /// <param name="reportSha256">Of the verifiable form (<see cref="ReportJson.Sha256Of"/>), printed at the end.</param>
    public static byte[] Write(SiteReport report, TimeZoneInfo zone, ReportLanguage language, string reportSha256)
    {
        var (html, words) = (new StringBuilder(64 * 1024), new ReportPageWords(language, zone));
        string title = $"{words.Of(report.Input.Site.Name)} · {words.Of(ReportWords.Of(report.Input.Window.Kind))} {PeriodOf(report)}";
        html.Append($"<!doctype html>\n<html lang={words.Language}><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>{title}</title>\n<style>\n{ReportStyle.Css}\n</style></head><body>\n");
        Header(html, report, words);
        RulesOf(html, report, words);
        ReportHtmlTables.Exceptions(html, report, words);
        ReportHtmlTables.Excuses(html, report, words);
        ReportHtmlTables.Scopes(html, report, words, ScopeKind.Class, words.T("按类别", "By class"));
        ReportHtmlTables.Scopes(html, report, words, ScopeKind.Enterprise, words.T("按责任单位", "By enterprise"));
        if (report.SafetyDays.Count > 1) ReportHtmlTables.Days(html, report, words);
        ReportHtmlTables.Devices(html, report, words);
        ReportHtmlTables.Intervals(html, report, words);
        Definitions(html, report, words);
        Evidence(html, report, words, reportSha256);
        html.Append("</body></html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static string PeriodOf(SiteReport report)
    {
        var days = report.Input.Window.Days;
        string first = ReportJson.DateOf(days[0].Date);
        return report.Input.Window.Kind switch
        {
            WindowKind.Day => first,
            WindowKind.Month => first[..7],
            _ => $"{first} – {ReportJson.DateOf(days[^1].Date)}",
        };
    }

    private static void Header(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        var input = report.Input;
        html.Append($"<header><h1>{words.Of(input.Site.Name)}<small>{words.Of(ReportWords.Of(input.Window.Kind))} · {PeriodOf(report)}</small></h1><div class=meta>");
        html.Append($"{words.T("工地", "site")} {Escape(input.Site.Id)} · {words.T("网关", "gateway")} {Escape(input.Evidence.Gateway)}<br>{words.T("数据截至", "as of")} {words.Moment(input.AsOfMs)}<br>{Escape(input.Site.Zone)}</div></header>\n");
        if (report.Accounts.ToMs < input.Window.ToMs) html.Append($"<p class=bad>{words.T("统计期尚未结束：只计至", "The period is not over: accounted up to")} {words.Moment(report.Accounts.ToMs)}</p>\n");
    }

    private static void RulesOf(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        html.Append("<section class=figures>\n");
        foreach (var rule in Rules)
        {
            var value = report.Site.Figures.Single(f => f.Figure == rule);
            string verdict = value.Percent is null ? words.T("无应计内容", "nothing to be counted") : value.Met ? words.T("达到 100%", "100 % met") : words.T("未达到 100%", "100 % not met");
            html.Append($"<div class=\"figure {(value.Percent is null ? "none" : value.Met ? "met" : "missed")}\"><strong>{words.Of(rule.Name)}</strong><b>{words.Percent(value.Percent)}</b><span>{verdict}</span><span>{ShareOf(value, words)}</span><code>{Escape(rule.Formula)}</code></div>\n");
        }
        html.Append("</section>\n");
        var use = report.Site.Figures.Single(f => f.Figure == Figures.OnlineInUse);
        var now = report.Site.Figures.Single(f => f.Figure == Figures.OnlineCount);
        html.Append($"<p>{words.Of(use.Figure.Name)} {words.Percent(use.Percent)} · {words.Of(now.Figure.Name)} {words.Percent(now.Percent)}</p>\n");
    }

    private static string ShareOf(FigureValue value, ReportPageWords words)
    {
        var share = value.Share!.Value;
        return value.Figure.Terms[0].Unit == "ms" ? $"{words.Duration(share.Numerator)} / {words.Duration(share.Denominator)}" : $"{N(share.Numerator)} / {words.Quantity(share.Denominator, value.Figure.Terms[0].Unit)}";
    }

    private static void Definitions(StringBuilder html, SiteReport report, ReportPageWords words)
    {
        int u = report.Input.Policy.Unknown == UnknownCounts.AsNotOnline ? 1 : 0;
        html.Append($"<h2>{words.T("定义与各项数值", "Definitions, with the number of each term")}</h2>\n<p class=s>{words.T($"百分率一律向下取整到三位小数；分母为零时为“不适用”。本报告 u = {u}。", $"Percentages are rounded down to three decimals; a zero denominator is n/a. In this report u = {u}.")}</p>\n<dl>\n");
        foreach (var value in report.Site.Figures)
        {
            html.Append($"<dt>{words.Of(value.Figure.Name)} <span class=w>{words.Percent(value.Percent)}</span></dt><dd><code>{Escape(value.Figure.Id)} = {Escape(value.Figure.Formula)}</code></dd>");
            for (int i = 0; i < value.Terms.Count; i++)
            {
                var term = value.Figure.Terms[i];
                html.Append($"<dd class=s><code>{Escape(term.Symbol)}</code> = {words.Quantity(value.Terms[i], term.Unit)} · {words.Of(term.Name)}</dd>");
            }
            html.Append($"<dd class=s>{words.Of(value.Figure.Meaning)}</dd>\n");
        }
        html.Append("</dl>\n");
    }

    private static void Evidence(StringBuilder html, SiteReport report, ReportPageWords words, string reportSha256)
    {
        var evidence = report.Input.Evidence;
        html.Append($"<h2>{words.T("证据", "Evidence")}</h2>\n<div class=chain>");
        Pair(words.T("网关", "gateway"), Escape(evidence.Gateway));
        Pair(words.T("证据链末行", "head of the chain"), $"{N(evidence.HeadSeq)} · <code>{Escape(evidence.HeadHash)}</code>");
        Pair(words.T("台账 SHA-256", "ledger SHA-256"), $"<code>{Escape(evidence.LedgerSha256)}</code>");
        Pair(words.T("本报告 SHA-256", "report SHA-256"), $"<code>{Escape(reportSha256)}</code>");
        html.Append($"</div>\n<p class=s>{words.T("用可校验的 JSON 文件和证据链可以重算本报告的每个数值", "Every number can be worked out again from the JSON file and the chain")}: <code>gateway verify report FILE</code></p>\n");

        void Pair(string name, string value) => html.Append($"<span>{name}</span><span>{value}</span>");
    }
}
