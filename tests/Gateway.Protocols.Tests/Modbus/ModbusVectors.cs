using Gateway.Protocols.Modbus;

namespace Gateway.Protocols.Tests.Modbus;

/// <summary>Frames that real sensors exchange.</summary>
internal static class ModbusVectors
{
    public static readonly ModbusRequest Wind = ModbusRequest.Read(1, ModbusFunction.ReadHoldingRegisters, 0, 1);
    public static readonly ModbusRequest Station = ModbusRequest.Read(1, ModbusFunction.ReadHoldingRegisters, 500, 14);

    public static readonly byte[] WindRequest = Convert.FromHexString("010300000001840A");
    public static readonly byte[] WindReply = Convert.FromHexString("010302007D7865");
    public static readonly byte[] StationRequest = Convert.FromHexString("010301F4000E8400");
    public static readonly byte[] StationReply =
        Convert.FromHexString("01031C00F0000200030087023A008E027B0029005C03FA00002EE0007800008A59");

    public static readonly byte[] IllegalAddress = Convert.FromHexString("018302C0F1");

    /// <summary>Closes a frame with a CRC computed the slow way of the standard, bit by bit.</summary>
    public static byte[] Closed(params byte[] body)
    {
        var crc = 0xFFFF;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return [.. body, (byte)crc, (byte)(crc >> 8)];
    }
}
