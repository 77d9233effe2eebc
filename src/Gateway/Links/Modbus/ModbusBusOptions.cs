using System.Diagnostics.CodeAnalysis;
using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>One bus: a port or a converter, and the units on it.</summary>
/// <param name="BusId">The bus in the ledger.</param>
/// <param name="Port">Device or link, best below <c>/dev/serial/by-id</c>; it may be missing and come later. Empty behind a <see cref="Host"/>.</param>
/// <param name="Baud">Bits per second, the same for all units of a bus; behind a converter what it uses on its wires.</param>
/// <param name="Framing">Eight data bits; RTU frames do not fit into seven.</param>
/// <param name="Units">Each address once.</param>
public sealed record ModbusBusOptions(string BusId, string Port, int Baud, SerialFraming Framing, IReadOnlyList<ModbusUnit> Units)
{
    /// <summary><c>host:port</c> of a converter instead of a port.</summary>
    public string? Host { get; init; }

    /// <summary>The converter speaks Modbus TCP; otherwise RTU frames travel through it as they are.</summary>
    public bool Tcp { get; init; }

    public bool Rs485 { get; init; }

    /// <summary>Whether bytes take their time on this port; null: as the kind of device says.</summary>
    public bool? KeepsTime { get; init; }

    /// <summary>Where the bus is, for people.</summary>
    public string Where => Host ?? Port;

    internal bool TryOpen(TimeProvider time, StopSignal stop, [NotNullWhen(true)] out IModbusChannel? channel, [NotNullWhen(false)] out SerialFault? fault) =>
        Host is null ? SerialChannel.TryOpen(this, out channel, out fault) : TcpChannel.TryOpen(Host, time, stop, out channel, out fault);
}
