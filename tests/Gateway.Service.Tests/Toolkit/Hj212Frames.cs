using System.Globalization;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Minute data of a logger, as HJ 212-2017 has them: the way measurements of hours that are over come in.</summary>
internal static class Hj212Frames
{
    /// <param name="atMs">The minute, Unix ms; written in the zone of the test's site, UTC+8.</param>
    public static string Minute(string mn, long atMs, double dust, string? qn = null) => Wrap(string.Create(CultureInfo.InvariantCulture,
        $"QN={qn ?? Stamp(atMs) + "000"};ST=39;CN=2051;PW=123456;MN={mn};Flag=5;CP=&&DataTime={Stamp(atMs)};a34001-Avg={dust},a34001-Flag=N;a34004-Avg={dust / 2},a34004-Flag=N&&"));

    public static string Stamp(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>A data segment as a frame.</summary>
    public static string Wrap(string data) => string.Create(CultureInfo.InvariantCulture, $"##{data.Length:D4}{data}{Checksum(data):X4}\r\n");

    /// <summary>Annex A of the standard: the register is shifted before the byte is added.</summary>
    private static int Checksum(string data)
    {
        int register = 0xFFFF;
        foreach (byte b in Encoding.ASCII.GetBytes(data))
        {
            register = (register >> 8) ^ b;
            for (int bit = 0; bit < 8; bit++) register = (register & 1) == 1 ? (register >> 1) ^ 0xA001 : register >> 1;
        }
        return register;
    }
}
