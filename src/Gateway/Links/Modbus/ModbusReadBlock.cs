namespace Gateway.Links.Modbus;

/// <summary>What is read from a unit with one request.</summary>
/// <param name="Function">1 to 4.</param>
/// <param name="Address">First register or bit, counted from 0.</param>
/// <param name="Count">1 to 125 registers (03, 04) or 1 to 2000 bits (01, 02).</param>
public sealed record ModbusReadBlock(byte Function, ushort Address, ushort Count);
