using System.Globalization;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.History;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary><c>/devices/{id}/history</c>: what a device measured, as a chart draws it; shape in API.md.</summary>
internal static class HistoryEndpoint
{
    /// <summary>Fields of one question: bounds what an answer takes in memory.</summary>
    private const int FieldsMax = 32;

    private static readonly TimeSpan WindowDefault = TimeSpan.FromHours(24);

    public static void MapHistory(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Viewer)
        .MapGet("/devices/{id}/history", Show).WithSummary("What a device measured: every reading, or figures of intervals")
        .Produces(StatusCodes.Status200OK, contentType: "application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>The console does without a history that is switched off.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services, HistoryStage? history) => history is null ? services : services.AddSingleton(history);

    private static IResult Show(string id, HttpContext http, SiteModel model, GatewayClock clock, string? fields = null, string? from = null, string? to = null, string? points = null, string? resolution = null)
    {
        if (model.Ledger.Devices.FirstOrDefault(d => d.Id == id) is not { } entry) return NoDevice(id);
        if (http.RequestServices.GetService<HistoryStage>() is not { } history) return Problem(404, "no history is kept (History:Enabled)");
        if (history.IndexOf(id) is not { } device) return NoDevice(id);
        var profile = model.Profiles[entry.Profile];
        if (FieldsOf(profile, fields, out var wanted) is { } wrong) return Problem(400, wrong);
        if (!TryTime(to, clock.NowMs() + 1, out long toMs)) return Problem(400, $"to: expected a time as 2026-11-21T14:03:07Z, saw \"{to}\"");
        if (!TryTime(from, toMs - (long)WindowDefault.TotalMilliseconds, out long fromMs)) return Problem(400, $"from: expected a time as 2026-11-21T14:03:07Z, saw \"{from}\"");
        if (fromMs >= toMs) return Problem(400, "from: expected a time before to");
        int rows = HistoryQuery.PointsDefault;
        if (points is not null && !(int.TryParse(points, NumberStyles.None, CultureInfo.InvariantCulture, out rows) && rows is >= HistoryQuery.PointsMin and <= HistoryQuery.PointsMax))
            return Problem(400, $"points: expected {HistoryQuery.PointsMin} to {HistoryQuery.PointsMax}, saw \"{points}\"");
        if (resolution is not (null or "auto" or "raw" or "1m" or "15m")) return Problem(400, $"resolution: expected auto, raw, 1m or 15m, saw \"{resolution}\"");
        try
        {
            var frame = history.Read(new HistoryQuery(device, [.. wanted.Select(f => f.Name)], fromMs, toMs, rows, resolution == "auto" ? null : resolution));
            return new HistoryResult(id, fromMs, toMs, frame, wanted);
        }
        catch (StoreException refused)
        {
            return Problem(503, $"the history cannot be read now: {refused.Message}");
        }
    }

    /// <returns>What is wrong, or null.</returns>
    private static string? FieldsOf(WireProfile profile, string? asked, out List<FieldSpec> fields)
    {
        var numbers = profile.Device.Fields.Where(f => f.Type != FieldType.Text).ToList();
        fields = [.. numbers.Take(FieldsMax)];
        if (string.IsNullOrEmpty(asked)) return null;
        fields.Clear();
        foreach (string name in asked.Split(',').Distinct(StringComparer.Ordinal))
        {
            if (numbers.Find(f => f.Name == name) is not { } field) return $"fields: expected some of {string.Join(", ", numbers.Select(f => f.Name))}, saw \"{name}\"";
            fields.Add(field);
        }
        return fields.Count > FieldsMax ? $"fields: expected at most {FieldsMax}, saw {fields.Count}" : null;
    }

    private static bool TryTime(string? text, long absentMs, out long ms)
    {
        ms = absentMs;
        if (string.IsNullOrEmpty(text)) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return false;
        ms = time.ToUnixTimeMilliseconds();
        return true;
    }

    private static ProblemHttpResult NoDevice(string id) => Problem(404, $"there is no device \"{id}\" in the ledger");

    private static ProblemHttpResult Problem(int status, string detail) => SiteEndpoints.Problem(status, detail);
}
