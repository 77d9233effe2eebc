using Gateway.Domain.Readings;

namespace Gateway.Tests.Simulation;

/// <summary>One message of a device, told until it is acknowledged.</summary>
/// <param name="Token">Its number; the field <c>seq</c> of its line.</param>
/// <param name="MeasuredAtMs">The device's time; 0: it carries none.</param>
/// <param name="Alarming">It must have raised the alarm of the moment before it is acknowledged.</param>
internal sealed record Message(long Token, string Device, string Json, ReadingFlags Flags, long MeasuredAtMs, bool Alarming)
{
    public bool Acknowledged { get; set; }
}
