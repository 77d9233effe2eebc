using System.Diagnostics.CodeAnalysis;
using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>A bus on a serial port.</summary>
internal sealed class SerialChannel(SerialPort port, bool keepsTime) : IModbusChannel
{
    public bool KeepsTime => keepsTime;

    public static bool TryOpen(ModbusBusOptions bus, [NotNullWhen(true)] out IModbusChannel? channel, [NotNullWhen(false)] out SerialFault? fault)
    {
        channel = null;
        if (!SerialPort.TryOpen(new SerialPortOptions(bus.Port, bus.Baud, bus.Framing) { Rs485 = bus.Rs485 }, out var port, out fault)) return false;
        channel = new SerialChannel(port, bus.KeepsTime ?? port.KeepsTime);
        return true;
    }

    public SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop) => port.Read(buffer, timeout, stop);

    public SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit) => port.Write(bytes, limit);

    public void Dispose() => port.Dispose();
}
