using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>What carries frames to a bus and back: a serial port, or the TCP connection to a converter.</summary>
/// <remarks><b>Errors:</b> after a <see cref="SerialFault"/> it is only good for closing; whoever owns it opens another. <b>Threading:</b> the bus's thread, which may wait here but never longer than it says.</remarks>
internal interface IModbusChannel : IDisposable
{
    /// <summary>Bytes take the time that the rate says, so that a reply cannot be here before its request is out.</summary>
    bool KeepsTime { get; }

    SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop);

    SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit);
}
