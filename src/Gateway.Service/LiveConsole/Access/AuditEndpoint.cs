using System.Globalization;
using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Access;

/// <summary><c>/audit</c>: what people did, newest first.</summary>
internal static class AuditEndpoint
{
    private const int LimitDefault = 100;
    private const int LimitMax = 500;

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", (HttpContext http, StateReader reader) => Show(http, reader)).RequireAuthorization(AccessPolicies.Administrator).Produces<AuditPage>();

    private static IResult Show(HttpContext http, StateReader reader)
    {
        if (!TryNumber(http, "limit", LimitDefault, LimitMax, out long limit, out var refusal) || !TryNumber(http, "cursor", long.MaxValue, long.MaxValue, out long before, out refusal)) return refusal!;
        var (rows, next) = reader.Audit(before, (int)limit);
        var items = rows.Select(r => new AuditView(r.Seq, SiteEngine.Time(r.AtMs), r.Who, r.What, r.Target, r.Detail)).ToList();
        return TypedResults.Json(new AuditPage(items, next == 0 ? null : next.ToString(CultureInfo.InvariantCulture)), AccessJson.Default.AuditPage);
    }

    private static bool TryNumber(HttpContext http, string name, long absent, long max, out long value, out IResult? refusal)
    {
        (value, refusal) = (absent, null);
        string? text = http.Request.Query[name];
        if (string.IsNullOrEmpty(text) || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= max)) return true;
        refusal = ApiProblem.Of(StatusCodes.Status400BadRequest, $"expected {name} to be a number from 1 to {max}, saw \"{text}\"");
        return false;
    }
}
