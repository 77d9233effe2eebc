using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary><c>/devices/{id}/advice</c>: what to try when a rung of this device's ladder fails.</summary>
internal static class AdviceEndpoint
{
    public static void MapAdvice(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/devices/{id}/advice", Advice).RequireAuthorization(AccessPolicies.Viewer).WithSummary("What to try when a rung of the device's ladder fails");

    private static Results<Ok<AdviceDto>, ProblemHttpResult> Advice(string id, SiteModel model)
    {
        if (model.Ledger.Devices.FirstOrDefault(d => d.Id == id) is not { } device) return SiteEndpoints.Problem(404, $"there is no device {id}");
        var profile = model.Profiles[device.Profile].Device;
        return TypedResults.Ok(new AdviceDto([.. DefaultAdvice.Rungs.Select(rung => new RungAdviceDto(rung, DefaultAdvice.For(profile, device, rung)!))]));
    }
}

internal sealed record AdviceDto(IReadOnlyList<RungAdviceDto> Items);

internal sealed record RungAdviceDto(string Rung, LocalText Advice);
