using System.Text.Json.Serialization;
using FirmwareSim.Devices;
using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Control;

/// <summary>The answer to <c>GET /</c>, as in CONTRACT.md.</summary>
internal sealed record StatusView(IReadOnlyList<DeviceView> Devices, BusView Bus, bool Power)
{
    /// <summary>Power is on while no device is without it.</summary>
    public static StatusView Of(IReadOnlyList<Device> devices, SerialBus bus) => new(
        [.. devices.Where(d => d.Kind != DeviceKind.Bus).Select(DeviceView.Of)],
        new BusView(bus.IsPlugged, bus.Requests, bus.Replies),
        !devices.Any(d => d.Effects.Has(EffectKind.PowerCut)));
}

internal sealed record DeviceView(
    string Id, string Link, bool Connected, long Sent, long Acknowledged, long Dropped, IReadOnlyList<string> Effects)
{
    public static DeviceView Of(Device device) => new(
        device.Id, device.Link.ToString().ToLowerInvariant(), device.Traffic.Connected && device.Effects.LinkWish == LinkWish.Stay,
        device.Traffic.Sent, device.Traffic.Acknowledged, device.Traffic.Dropped,
        [.. device.Effects.List().Select(e => CommandTable.All.First(c => c.Effect == e).Name)]);
}

internal sealed record BusView(bool Plugged, long Requests, long Replies);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusView))]
internal sealed partial class StatusJson : JsonSerializerContext;
