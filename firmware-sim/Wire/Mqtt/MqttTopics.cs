using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>Where a device publishes, as in CONTRACT.md.</summary>
internal sealed class MqttTopics(string siteId, Device device)
{
    public string Report { get; } = $"site/{siteId}/{KindName(device)}/{device.Id}/{(device.Kind == DeviceKind.Camera ? "heartbeat" : "telemetry")}";

    public string Status { get; } = $"site/{siteId}/{KindName(device)}/{device.Id}/status";

    private static string KindName(Device device) => device.Kind.ToString().ToLowerInvariant();
}
