using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Gateway.Engine;
using Gateway.Reports;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary><c>/reports</c>: reports of days, months and two months in every form that <c>gateway report</c> has.</summary>
internal static class ReportEndpoints
{
    private const int ItemsMax = 400;

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        AccountEndpoints.Describe<ReportListDto>(api.MapGet("/reports", List)).WithSummary("The days, months or two months that have something to report, newest first");
        AccountEndpoints.Describe<string>(api.MapGet("/reports/{window}", Report)).WithSummary("A report: json can be verified, html is to print, csv and pieces are tables");
    }

    private static async Task<IResult> List(HttpContext http, ReportDesk desk, string? kind = null, string? limit = null, string? before = null)
    {
        long nowMs = desk.NowMs();
        var asked = new Asked(desk.Zone, nowMs);
        string of = asked.Word("kind", kind, "day", "month", "bi-month");
        int items = (int)(asked.Number("limit", limit, 1, ItemsMax) ?? 62);
        var newest = string.IsNullOrEmpty(before) ? Containing(of, CivilDays.DateOf(nowMs, desk.Zone), desk.Zone) : Before(of, asked.Named("before", before), desk.Zone);
        if (asked.Refusal is { } refusal) return refusal;
        return await desk.InTurnAsync(http, _ =>
        {
            long sinceMs = ReportMoment.FirstMs(desk.StatePath);
            var found = new List<AccountWindow>();
            for (var window = newest; window.ToMs > sinceMs && found.Count <= items; window = Before(of, window, desk.Zone)) found.Add(window);
            var sizes = desk.Cache.Sizes(nowMs).ToLookup(s => s.Key.Window, StringComparer.Ordinal);
            var list = new ReportListDto(SiteEngine.Time(sinceMs), [.. found.Take(items).Select(w => ItemOf(w, nowMs, sizes[WindowText.Of(w)]))], found.Count > items ? WindowText.Of(found[items - 1]) : null);
            return TypedResults.Json(list, AccountJson.Default.ReportListDto);
        });
    }

    private static async Task<IResult> Report(string window, HttpContext http, ReportDesk desk, string? format = null, string? lang = null, string? asOf = null)
    {
        var asked = new Asked(desk.Zone, desk.NowMs());
        var of = asked.Named("window", window);
        string form = asked.Word("format", format, "json", "html", "csv", "pieces");
        var language = asked.Word("lang", lang, "zh", "en") == "en" ? ReportLanguage.En : ReportLanguage.Zh;
        long? row = asked.Number("asOf", asOf, 1, long.MaxValue);
        if (asked.Refusal is { } refusal) return refusal;
        string name = $"{desk.Model.Ledger.Site.Id}-{WindowText.Of(of).Replace(':', '-').Replace('/', '-')}";
        var body = form switch
        {
            "html" => new ReportBody("text/html; charset=utf-8"),
            "json" => new ReportBody("application/json; charset=utf-8", name + ".json"),
            _ => new ReportBody("text/csv; charset=utf-8", $"{name}-{(form == "csv" ? "days" : "pieces")}.csv"),
        };
        if (form == "html") http.Response.Headers.ContentSecurityPolicy = PageOnly;
        return await desk.ReportAsync(http, of, form == "json" ? form : $"{form} {language}", row, body, (report, target) => Write(report, desk.Zone, form, language, target));
    }

    /// <summary>The page carries its own style and nothing else: no script, nothing to be loaded.</summary>
    private const string PageOnly = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static void Write(SiteReport report, TimeZoneInfo zone, string form, ReportLanguage language, Stream target)
    {
        switch (form)
        {
            case "html": target.Write(ReportHtml.Write(report, zone, language, ReportJson.Write(report, Stream.Null))); break;
            case "csv": target.Write(ReportCsv.Days(report, language)); break;
            case "pieces": target.Write(ReportCsv.Pieces(report, zone, language)); break;
            default: ReportJson.Write(report, target); break;
        }
    }

    private static ReportItemDto ItemOf(AccountWindow window, long nowMs, IEnumerable<(ReportKey Key, int Bytes)> cached)
    {
        var sizes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, bytes) in cached) sizes.TryAdd(key.Form, bytes);
        return new ReportItemDto(WindowText.Of(window), AccountViews.WordOf(window.Kind), SiteEngine.Time(window.FromMs), SiteEngine.Time(window.ToMs), window.ToMs <= nowMs, sizes);
    }

    private static AccountWindow Containing(string kind, DateOnly date, TimeZoneInfo zone) => kind switch
    {
        "month" => AccountWindow.Month(date.Year, date.Month, zone),
        "bi-month" => AccountWindow.BiMonth(date.Year, (date.Month + 1) / 2, zone),
        _ => AccountWindow.Day(date, zone),
    };

    private static AccountWindow Before(string kind, AccountWindow window, TimeZoneInfo zone) => Containing(kind, window.Days[0].Date.AddDays(-1), zone);
}
