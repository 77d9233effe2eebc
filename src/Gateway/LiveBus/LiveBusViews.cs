using System.Text.Json.Serialization;
using Gateway.Engine.Views;
using Gateway.Evidence;

namespace Gateway.LiveBus;

/// <summary>The site in one message: the three figures, and how much is open.</summary>
/// <param name="At">When it was looked at.</param>
public sealed record SiteStateView(string Gateway, DateTimeOffset At, SiteInfo Site, ShareView Devices, ShareView Operators, ShareView Insurance, int Online, int Offline, int Unknown, int OpenAlarms, int UnackedAlarms);

/// <param name="Rate">Percent, floored to three places; null = n/a.</param>
public sealed record ShareView(long Numerator, long Denominator, string? Rate, bool Met);

/// <param name="At">Null in the Will: nobody knows yet when that will be.</param>
public sealed record GatewayPresenceView(bool Online, string Gateway, string Version, DateTimeOffset? At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(SiteStateView))]
[JsonSerializable(typeof(GatewayPresenceView))]
[JsonSerializable(typeof(CheckpointLine))]
public sealed partial class LiveBusJson : JsonSerializerContext;
