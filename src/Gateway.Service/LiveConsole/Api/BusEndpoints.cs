using Gateway.Links.BlackBoxes;
using Gateway.Links.Frames;
using Gateway.Links.Hj212;
using Gateway.Links.Modbus;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.LiveConsole.Api;

/// <summary><c>/buses</c>: what goes on on the wires, unit by unit, without the frames themselves.</summary>
internal static class BusEndpoints
{
    public static void MapBuses(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/buses", (ModbusLink modbus, Hj212Link hj212, IEnumerable<BoxLink> boxes, FrameRings rings) => TypedResults.Ok(new BusesDto(modbus.Status(), hj212.Status(), [.. boxes.SelectMany(b => b.Status())], [.. rings.All.Select(r => new RingDto(r.Id, r.Protocol, r.Count, r.Verdicts()))])))
            .RequireAuthorization(AccessPolicies.Viewer).WithSummary("Buses with their units, HJ 212 loggers, black boxes, and who has raw frames");
}

internal sealed record BusesDto(IReadOnlyList<BusStatus> Buses, IReadOnlyList<Hj212DeviceStatus> Loggers, IReadOnlyList<BoxStatus> Boxes, IReadOnlyList<RingDto> Rings);

/// <param name="Verdicts">Frames since the process began, by what was made of them.</param>
internal sealed record RingDto(string Id, string Protocol, long Frames, IReadOnlyDictionary<string, long> Verdicts);
