using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Boxes;

/// <summary>What goes wrong with a frame between the box's memory and the wire.</summary>
internal static class BoxSins
{
    public static byte[] On(Device device, byte[] frame)
    {
        if (device.TearsNextFrame()) return frame[..(frame.Length / 2)];
        byte[] wire = [.. frame];
        int checksumAt = wire[0] switch { 0xA5 => wire.Length - 4, 0x7E => wire.Length - 3, _ => wire.Length - 2 };
        // Any value that is not the right one, as a checksum of another kind gives; 00 would be taken for one that was left out.
        if (device.Effects.Has(EffectKind.WrongCrc)) wire[checksumAt] = (byte)(wire[checksumAt] == 0xA7 ? 0xA8 : 0xA7);
        if (device.Effects.Has(EffectKind.LyingLength)) Lie(wire);
        return wire;
    }

    private static void Lie(byte[] wire)
    {
        switch (wire[0])
        {
            case 0xA5: (wire[6], wire[7]) = (0, 0); break;
            case 0x7E: wire[4] = 3; break;
            default: wire[1] -= 2; break;
        }
    }
}
