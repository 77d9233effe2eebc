namespace FirmwareSim.Wire.Hj212;

/// <summary>The checksum of HJ 212-2017, annex A. Not Modbus: the high byte is dropped before the XOR. "123456789" gives 2F80.</summary>
internal static class Hj212Crc
{
    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        int register = 0xFFFF;
        foreach (byte b in bytes)
        {
            register = (register >> 8) ^ b;
            for (int bit = 0; bit < 8; bit++)
                register = (register & 1) != 0 ? (register >> 1) ^ 0xA001 : register >> 1;
        }
        return (ushort)register;
    }
}
