using FirmwareSim.Devices;

namespace FirmwareSim.Control;

/// <summary>One command a person can give.</summary>
/// <param name="Effect">The effect it starts; null for the two that start none (<c>recover</c>, <c>quit</c>).</param>
/// <param name="Fits">Which devices it makes sense for.</param>
/// <param name="DefaultValue">What <c>value</c> is when it is not given; null when the command takes none.</param>
internal sealed record SiteCommand(
    string Name, string English, string Chinese, EffectKind? Effect, Func<Device, bool> Fits, double? DefaultValue = null);
