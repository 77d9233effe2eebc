using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>Something to write into a unit: one of functions 05, 06, 15, 16, 22.</summary>
/// <remarks><b>Errors:</b> the factories throw for what the standard does not allow, as <see cref="ModbusRequest"/> does.</remarks>
public sealed class ModbusWrite
{
    private readonly Func<byte, ModbusRequest> _for;

    private ModbusWrite(Func<byte, ModbusRequest> request)
    {
        _for = request;
        _ = request(1);
    }

    public static ModbusWrite Coil(ushort address, bool on) => new(unit => ModbusRequest.WriteCoil(unit, address, on));

    public static ModbusWrite Coils(ushort address, params bool[] values) => new(unit => ModbusRequest.WriteCoils(unit, address, values));

    public static ModbusWrite Register(ushort address, ushort value) => new(unit => ModbusRequest.WriteRegister(unit, address, value));

    public static ModbusWrite Registers(ushort address, params ushort[] values) => new(unit => ModbusRequest.WriteRegisters(unit, address, values));

    /// <summary>register = (register AND <paramref name="and"/>) OR (<paramref name="or"/> AND NOT <paramref name="and"/>).</summary>
    public static ModbusWrite Mask(ushort address, ushort and, ushort or) => new(unit => ModbusRequest.MaskRegister(unit, address, and, or));

    internal ModbusRequest For(byte unit) => _for(unit);
}

/// <summary>What became of a write.</summary>
public enum ModbusWriteOutcome
{
    /// <summary>The unit confirmed it in its own words.</summary>
    Done,

    /// <summary>The unit refused it.</summary>
    Refused,

    /// <summary>It was sent and not confirmed: nobody knows whether the unit has it.</summary>
    Unconfirmed,

    /// <summary>It was not sent: its time was over, too many waited, the port was away, or the bus stops.</summary>
    NotSent,

    /// <summary>No bus has this device.</summary>
    NoSuchDevice,
}
