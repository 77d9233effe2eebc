using System.Globalization;
using System.Text;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Hj212;

/// <summary>What firmware in the field does to its frames; each sin is one command of CONTRACT.md. Without one a frame stays as it is.</summary>
internal static class Hj212Sins
{
    private const int HeaderChars = 6;
    private const int TailChars = 6;

    /// <summary>What a cellular modem sends of its own accord.</summary>
    private static readonly byte[] Registration = "DTU-REG 89860000000000000009\r\n"u8.ToArray();

    public static byte[] Commit(EffectSet effects, byte[] frame)
    {
        string data = Encoding.ASCII.GetString(frame)[HeaderChars..^TailChars];
        ushort crc = effects.Has(EffectKind.WrongCrc) ? ModbusCrc(Encoding.ASCII.GetBytes(data)) : Hj212Crc.Compute(Encoding.ASCII.GetBytes(data));
        int length = data.Length + (effects.Has(EffectKind.LyingLength) ? 13 : 0);
        byte[] sinful = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"##{length:D4}{data}{crc:X4}\r\n"));
        return effects.Has(EffectKind.ForeignBytes) ? [.. Registration, .. sinful] : sinful;
    }

    /// <summary>CRC-16/MODBUS: what a programmer takes who has not read annex A.</summary>
    private static ushort ModbusCrc(ReadOnlySpan<byte> bytes)
    {
        int register = 0xFFFF;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++) register = (register & 1) != 0 ? (register >> 1) ^ 0xA001 : register >> 1;
        }
        return (ushort)register;
    }
}
