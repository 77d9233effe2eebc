namespace FirmwareSim.Devices;

/// <summary>One thing that is wrong with one device, from <paramref name="StartedAt"/> (a timestamp of the clock) on.</summary>
/// <param name="Lasts">How long; null = until it is ended by hand.</param>
/// <param name="Value">The number of the command; seconds of clock drift, otherwise unused.</param>
internal readonly record struct Effect(EffectKind Kind, long StartedAt, TimeSpan? Lasts, double Value);
