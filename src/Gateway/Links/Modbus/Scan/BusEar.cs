using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus.Scan;

/// <summary>Recognises by its frames who speaks on a line by himself.</summary>
/// <remarks>Pure. <b>Source:</b> HJ 212-2017 5.3 (<c>##</c> and four digits); GOYO (<c>A5 5A … EE FF</c>, <c>7E 7E … 7D 7D</c>); TX101 (<c>68 L 68 … 16</c>, L + 5 bytes in all); Modbus RTU frames by their CRC.</remarks>
internal static class BusEar
{
    private const int GoyoFrameMax = 256;
    private const int Tx101Overhead = 5;

    /// <summary>The protocol's word in the ledger; <c>unknown</c> for bytes that are none of them; null when there are no bytes.</summary>
    public static string? Recognise(ReadOnlySpan<byte> heard)
    {
        if (heard.IsEmpty) return null;
        for (int at = 0; at < heard.Length; at++)
        {
            var rest = heard[at..];
            if (IsHj212(rest)) return "hj212";
            if (IsEnclosed(rest, [0xA5, 0x5A], [0xEE, 0xFF]) || IsEnclosed(rest, [0x7E, 0x7E], [0x7D, 0x7D])) return "goyo";
            if (IsTx101(rest)) return "tx101";
            if (IsModbus(rest)) return "modbus";
        }
        return "unknown";
    }

    private static bool IsHj212(ReadOnlySpan<byte> rest) => rest.StartsWith("##"u8) && rest.Length >= 6 && !rest[2..6].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsEnclosed(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) =>
        rest.StartsWith(head) && rest[2..Math.Min(rest.Length, GoyoFrameMax)].IndexOf(tail) >= 0;

    private static bool IsTx101(ReadOnlySpan<byte> rest) => rest is [0x68, var length, 0x68, ..] && length > 0 && rest.Length >= length + Tx101Overhead && rest[length + Tx101Overhead - 1] == 0x16;

    private static bool IsModbus(ReadOnlySpan<byte> rest) =>
        ModbusReplyDecoder.MeasureAnyReply(rest) > 0
        || (rest.Length >= ModbusRequest.ReadSize && rest[0] != 0 && ModbusFunction.IsRead(rest[1]) && ModbusCrc.Closes(rest[..ModbusRequest.ReadSize]));
}
