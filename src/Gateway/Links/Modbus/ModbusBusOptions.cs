using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>One bus: a port and the units on it.</summary>
/// <param name="BusId">The bus in the ledger.</param>
/// <param name="Port">Device or link, best below <c>/dev/serial/by-id</c>; it may be missing and come later.</param>
/// <param name="Baud">Bits per second, the same for all units of a bus.</param>
/// <param name="Framing">Eight data bits; RTU frames do not fit into seven.</param>
/// <param name="Units">Each address once.</param>
public sealed record ModbusBusOptions(string BusId, string Port, int Baud, SerialFraming Framing, IReadOnlyList<ModbusUnit> Units);
