namespace FirmwareSim.Wire.Modbus;

/// <summary>What a unit puts on the line, and how.</summary>
/// <param name="Bytes">In one stream, at the speed of the line.</param>
/// <param name="Delay">Before the first byte, beyond the silence of 3.5 characters.</param>
/// <param name="Gap">After each byte.</param>
/// <param name="Second">What another device with the same address answers, after the next silence; null = there is none.</param>
internal readonly record struct UnitReply(byte[] Bytes, TimeSpan Delay = default, TimeSpan Gap = default, byte[]? Second = null);
