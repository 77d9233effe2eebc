using System.Buffers.Binary;
using System.Text;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Boxes;

/// <summary>Frames of the crane boxes of GOYO, versions 02 13 03 and 01, as CONTRACT.md says.</summary>
internal static class GoyoFrames
{
    public const byte Heartbeat = 0;
    public const byte Realtime = 1;
    public const byte Identity = 2;
    public const byte Offline = 3;

    public static byte[] Long(byte command, byte[] payload)
    {
        ushort crc = Crc(payload);
        return [0xA5, 0x5A, 0x02, 0x13, 0x03, command, (byte)payload.Length, (byte)(payload.Length >> 8), .. payload, (byte)crc, (byte)(crc >> 8), 0xEE, 0xFF];
    }

    public static byte[] LongHeartbeat(string station, DateTime clock) => Long(Heartbeat, [.. Padded(station, 8), .. Time(clock)]);

    /// <summary>Somebody put a card on the reader.</summary>
    public static byte[] LongIdentity(string station, string workNumber) => Long(Identity, [.. Padded(station, 8), 1, 1, .. Padded(workNumber, 8), 1]);

    public static byte[] LongReport(byte command, string station, DateTime clock, CraneSample sample)
    {
        byte[] payload = new byte[69];
        Padded(station, 8).CopyTo(payload, 0);
        Padded(sample.Operator, 8).CopyTo(payload, 10);
        Time(clock).CopyTo(payload, 18);
        payload[24] = 1;
        payload[25] = (byte)sample.Falls;
        Put(payload, 26, sample.HeightM * 100);
        Put(payload, 28, sample.RadiusM * 100);
        Put(payload, 30, sample.SlewDeg * 10);
        Put(payload, 32, sample.LoadT * 100);
        Put(payload, 34, sample.WindMps * 100);
        Put(payload, 36, sample.TiltDeg * 100);
        Put(payload, 46, sample.RatedT * 100);
        Put(payload, 48, SafeMomentTm(sample) * 10);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(62), Bits(sample.Alarms, load: 0, moment: 1, wind: 2, tilt: 20, collision: 24));
        return Long(command, payload);
    }

    public static byte[] Short(byte command, byte[] afterLength)
    {
        byte[] counted = [0, .. afterLength];
        return [0x7E, 0x7E, 0x01, command, .. counted, (byte)-counted.Sum(b => b), 0x7D, 0x7D];
    }

    public static byte[] ShortHeartbeat(string station, DateTime clock) => Short(Heartbeat, [.. Digits(station), .. Time(clock)]);

    public static byte[] ShortReport(byte command, string station, DateTime clock, CraneSample sample)
    {
        // Offsets count from the first byte of the frame; the first five stand before this.
        byte[] body = new byte[63 - 5];
        Digits(station).CopyTo(body, 0);
        Time(clock).CopyTo(body, 12 - 5);
        Put(body, 32 - 5, sample.RatedT * 100);
        PutFloat(body, 34 - 5, sample.HeightM);
        PutFloat(body, 38 - 5, sample.LoadT);
        body[42 - 5] = (byte)Modbus.Beaufort.ForceOf(sample.WindMps);
        Put(body, 43 - 5, SafeMomentTm(sample) * 10);
        PutFloat(body, 45 - 5, sample.RadiusM);
        PutFloat(body, 49 - 5, sample.SlewDeg);
        PutFloat(body, 53 - 5, sample.TiltDeg);
        body[61 - 5] = (byte)sample.Falls;
        body[62 - 5] = (byte)Bits(sample.Alarms, load: 1, moment: 3, wind: 0, tilt: 31, collision: 2);
        return Short(command, body);
    }

    private static double SafeMomentTm(CraneSample sample) => sample.MomentPct > 0 ? sample.LoadT * sample.RadiusM / sample.MomentPct * 100 : sample.RatedT * sample.RadiusM;

    private static uint Bits(CraneAlarms alarms, int load, int moment, int wind, int tilt, int collision)
    {
        (CraneAlarms Alarm, int Bit)[] places = [(CraneAlarms.Load, load), (CraneAlarms.Moment, moment), (CraneAlarms.Wind, wind), (CraneAlarms.Tilt, tilt), (CraneAlarms.Collision, collision)];
        return places.Where(p => alarms.HasFlag(p.Alarm)).Aggregate(0u, (bits, p) => bits | 1u << p.Bit);
    }

    private static byte[] Padded(string text, int bytes) => Encoding.ASCII.GetBytes(text.PadRight(bytes)[..bytes]);

    private static byte[] Digits(string digits) => [.. digits.Chunk(2).Select(pair => Bcd.Of(((pair[0] - '0') * 10) + (pair[1] - '0')))];

    private static byte[] Time(DateTime t) => [Bcd.Of(t.Year % 100), Bcd.Of(t.Month), Bcd.Of(t.Day), Bcd.Of(t.Hour), Bcd.Of(t.Minute), Bcd.Of(t.Second)];

    private static void Put(byte[] to, int at, double value) => BinaryPrimitives.WriteInt16LittleEndian(to.AsSpan(at), (short)(int)Math.Round(value));

    private static void PutFloat(byte[] to, int at, double value) => BinaryPrimitives.WriteSingleLittleEndian(to.AsSpan(at), (float)value);

    private static ushort Crc(byte[] payload)
    {
        int crc = 0;
        foreach (byte b in payload)
        {
            crc ^= b << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
        }
        return (ushort)crc;
    }
}
