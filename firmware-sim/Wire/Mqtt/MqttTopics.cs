using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>Where a device publishes, as in CONTRACT.md.</summary>
internal sealed class MqttTopics(string siteId, Device device)
{
    public string Report { get; } = $"{Prefix(siteId, device)}/{(device.Kind == DeviceKind.Camera ? "heartbeat" : "telemetry")}";

    public string Status { get; } = $"{Prefix(siteId, device)}/status";

    private static string Prefix(string siteId, Device device) => $"site/{siteId}/{device.Kind.ToString().ToLowerInvariant()}/{device.Id}";
}
