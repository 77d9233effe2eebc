using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Reports;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary><c>/presence</c> and <c>/compliance</c>: what every published number is made of, down to the rows of the chain; shapes in API.md.</summary>
internal static class AccountEndpoints
{
    private const int PageMax = 1_000;

    private static readonly ReportBody Shown = new("application/json; charset=utf-8");

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Viewer);
        Describe<IntervalPageDto>(api.MapGet("/presence", Presence)).WithSummary("Presence intervals of a device or of all, in order of their end, by cursor");
        Describe<PresenceDaysDto>(api.MapGet("/presence/days", Days)).WithSummary("Device-days: every millisecond under one heading");
        Describe<ComplianceDto>(api.MapGet("/compliance", Compliance)).WithSummary("The figures with formula, terms and numbers, by site, class, enterprise or device");
        api.MapReports();
        routes.MapIntervalFrames();
    }

    public static IServiceCollection AddAccounts(this IServiceCollection services) => services.AddSingleton<ReportDesk>();

    internal static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder call) => call.Produces<T>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Presence(HttpContext http, ReportDesk desk, string? device = null, string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        var asked = new Asked(desk.Zone, desk.NowMs());
        var (of, window, behind) = (asked.Device(device), asked.Span(from, to, daysAbsent: 1), asked.Cursor(cursor));
        int rows = (int)(asked.Number("limit", limit, 1, PageMax) ?? 200);
        if (asked.Refusal is { } refusal) return refusal;
        return await desk.InTurnAsync(http, _ =>
        {
            var page = PresenceQuery.Page(desk.StatePath, desk.Model.Ledger, new PresenceAsked(of, window.FromMs, window.ToMs, behind, rows));
            return of is not null && page.Items.Count == 0 && page.Open.Count == 0 && IsUnknown(desk, of)
                ? NoDevice(of)
                : Shown.Of(JsonSerializer.SerializeToUtf8Bytes(AccountViews.Page(page), AccountJson.Default.IntervalPageDto));
        });
    }

    private static async Task<IResult> Days(HttpContext http, ReportDesk desk, string? device = null, string? from = null, string? to = null)
    {
        var asked = new Asked(desk.Zone, desk.NowMs());
        var (of, window) = (asked.Device(device), asked.Span(from, to, daysAbsent: 31));
        if (asked.Refusal is { } refusal) return refusal;
        if (of is not null && IsUnknown(desk, of)) return NoDevice(of);
        return await desk.ReportAsync(http, window, $"days {of}", null, Shown, (report, target) => Write(target, AccountViews.Days(report, of), AccountJson.Default.PresenceDaysDto));
    }

    private static async Task<IResult> Compliance(HttpContext http, ReportDesk desk, string? by = null, string? window = null, string? from = null, string? to = null)
    {
        var asked = new Asked(desk.Zone, desk.NowMs());
        string scope = asked.Word("by", by, AccountViews.Scopes);
        var over = asked.Window(window, from, to, "today");
        bool moment = window == "now";
        if (asked.Refusal is { } refusal) return refusal;
        return await desk.ReportAsync(http, over, $"compliance {scope}{(moment ? " now" : "")}", null, Shown,
            (report, target) => Write(target, AccountViews.Compliance(report, scope, moment), AccountJson.Default.ComplianceDto));
    }

    private static bool IsUnknown(ReportDesk desk, string device) => !desk.Model.Ledger.Devices.Any(d => d.Id == device);

    private static IResult NoDevice(string device) => ApiProblem.Of(StatusCodes.Status404NotFound, $"there is no device \"{device}\" in the ledger, and nothing of it in that time");

    private static void Write<T>(Stream target, T value, JsonTypeInfo<T> shape)
    {
        using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JsonSerializer.Serialize(json, value, shape);
    }
}
