using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Modbus;

/// <summary>One slave on the bus: its unit number, its device, and its registers at the moment of a question.</summary>
internal sealed class ModbusUnit(byte unit, Device device, Func<RegisterImage> read)
{
    /// <summary>It may be asked on the line and over TCP at once, and its machine has one reader.</summary>
    private readonly Lock _gate = new();
    private int _replies;

    public byte Unit => unit;

    public Device Device => device;

    /// <summary>
    /// The answer to a request with a valid checksum, with the sins in force; null when the unit stays mute. FC 03 only (otherwise
    /// exception 1); registers that do not exist are exception 2, a count outside 1..125 is exception 3.
    /// </summary>
    public UnitReply? Answer(ReadOnlySpan<byte> request)
    {
        if (!device.Effects.IsSpeaking || device.Effects.LinkWish != LinkWish.Stay) return null;
        lock (_gate)
        {
            byte[] reply = ModbusReply.To(request, read());
            device.Traffic.CountSent();
            return ModbusSins.Commit(device.TearsNextFrame() ? reply[..(reply.Length / 2)] : reply, device.Effects, ++_replies);
        }
    }
}
