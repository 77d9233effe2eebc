namespace Gateway.Engine.Views;

/// <summary>Where a device stands in its life now.</summary>
/// <param name="State">As in files: <c>in-service</c>, <c>suspended</c>, <c>dismantled</c> …</param>
/// <param name="Reason">Of a suspension.</param>
/// <param name="Until">When a suspension ends by itself.</param>
/// <param name="Filing">Number under which the entry that put it there was filed.</param>
public sealed record LifecycleView(string State, string? Reason, DateTimeOffset? Until, string? Filing);
