using System.Globalization;
using System.Text;

namespace FirmwareSim.Wire.Hj212;

/// <summary>
/// Frames of HJ 212-2017, tables 2 and 3: <c>##</c>, four digits of length, data segment, four digits of checksum, CR LF.
/// </summary>
internal static class Hj212Frame
{
    private const int DataCharsMax = 1024;

    public static byte[] Wrap(string data)
    {
        if (data.Length > DataCharsMax)
            throw new ArgumentException($"data segment has {data.Length} characters, at most {DataCharsMax} fit", nameof(data));
        ushort crc = Hj212Crc.Compute(Encoding.ASCII.GetBytes(data));
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"##{data.Length:D4}{data}{crc:X4}\r\n"));
    }

    /// <summary>A real-time report (CN=2011) of a dust monitor (ST=39) that asks for an acknowledgement (Flag=5).</summary>
    public static byte[] RealTimeReport(string requestNumber, string password, string deviceNumber, IEnumerable<Factor> factors)
    {
        string values = string.Join(';', factors.Select(f => $"{f.Code}-Rtd={f.Value},{f.Code}-Flag={f.Flag}"));
        string dataTime = requestNumber[..14];
        return Wrap($"QN={requestNumber};ST=39;CN=2011;PW={password};MN={deviceNumber};Flag=5;CP=&&DataTime={dataTime};{values}&&");
    }

    /// <summary>A request number (QN): the device's clock in Beijing time, to the millisecond.</summary>
    public static string RequestNumber(DateTimeOffset deviceTime) =>
        deviceTime.ToOffset(SiteClock.BeijingOffset).ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
}

/// <summary>One measured value: code of the standard's annex B, value as text, flag of table 8 (N = normal).</summary>
internal readonly record struct Factor(string Code, string Value, char Flag = 'N');
