namespace Gateway.Links.Modbus;

/// <summary>What a bus tells the rest.</summary>
/// <remarks>
/// <b>Threading:</b> called on the bus's own thread, one call at a time; the bus stands still meanwhile, so hand over and return.
/// <b>Errors:</b> an exception here is our mistake and ends the process.
/// </remarks>
public interface IModbusBusObserver
{
    /// <summary>The port is open and asking begins; once per successful opening.</summary>
    void PortOpened(string busId);

    /// <summary>The port is gone or could not be opened at start; once until it opens again. Stopping is no loss.</summary>
    void PortLost(string busId, string reason);

    /// <summary>A unit answered with data.</summary>
    /// <param name="busId">The bus.</param>
    /// <param name="unit">Who answered.</param>
    /// <param name="block">What was asked.</param>
    /// <param name="registerBytes">Registers high byte first (functions 03, 04), or bits (01, 02); valid until the call returns.</param>
    /// <param name="receivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> when the last byte was read.</param>
    void Answered(string busId, ModbusUnit unit, ModbusReadBlock block, ReadOnlySpan<byte> registerBytes, long receivedTimestamp);

    /// <summary>A unit did not answer with data; <paramref name="exceptionCode"/> is 0 unless it refused.</summary>
    void Failed(string busId, ModbusUnit unit, ModbusFailure reason, int exceptionCode);
}
