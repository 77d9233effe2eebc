using System.Buffers.Binary;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Boxes;

/// <summary>Frames of TX101 boxes, as CONTRACT.md says.</summary>
internal static class Tx101Frames
{
    public const byte Link = 0x03;
    public const byte SetClock = 0x11;
    public const byte GetClock = 0x51;
    public const byte CraneReport = 0x90;
    public const byte CraneCycle = 0x91;
    public const byte CraneAlarm = 0x92;
    public const byte Fingerprint = 0x94;
    public const byte DustReport = 0x96;
    public const byte HoistReport = 0x9A;
    public const byte LogIn = 0xF0;
    public const byte KeepAlive = 0xF2;

    private const byte Up = 0x80;
    private const byte NoAlarm = 0x00;
    private const byte NearUpper = 0x20;
    private const byte AboveUpper = 0xE0;

    /// <summary>The whole frame.</summary>
    /// <param name="purpose">Function bits of the control byte: 1 done, 3 link, 4 parameters, 5 report, 6 cycle, 7 alarm.</param>
    /// <param name="triesLeft">3 at first.</param>
    public static byte[] Wrap(byte[] address, byte purpose, int triesLeft, byte function, byte[] data)
    {
        // The firmware of these boxes forgets the direction in cycles, alarms and fingerprints.
        byte direction = purpose is 6 or 7 ? (byte)0 : Up;
        byte[] body = [(byte)(direction | (triesLeft << 4) | purpose), .. address, 0x10, function, .. data];
        return [0x68, (byte)body.Length, 0x68, .. body, Crc(body), 0x16];
    }

    public static byte[] Time(DateTime t)
    {
        int weekday = t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek;
        return [Bcd.Of(t.Second), Bcd.Of(t.Minute), Bcd.Of(t.Hour), Bcd.Of(t.Day), (byte)((weekday << 5) | Bcd.Of(t.Month)), Bcd.Of(t.Year % 100)];
    }

    public static DateTime? ReadTime(ReadOnlySpan<byte> t)
    {
        if (t.Length < 6) return null;
        int[] parts = [2000 + Bcd.Value(t[5]), Bcd.Value((byte)(t[4] & 0x1F)), Bcd.Value(t[3]), Bcd.Value(t[2]), Bcd.Value(t[1]), Bcd.Value(t[0])];
        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(parts[0], parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return null;
        return new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    public static byte[] Crane(DateTime clock, CraneSample s) =>
    [
        .. CraneSensors(clock, s), .. new byte[20],
        .. s.Alarms.HasFlag(CraneAlarms.Collision) ? (byte[])[2, 0x80, 0x01] : [0, 0, 0], .. new byte[6], .. new byte[12], .. new byte[6],
    ];

    /// <summary>The sensors, and the list of what stands.</summary>
    public static byte[] Alarm(DateTime clock, CraneSample s)
    {
        var entries = new List<byte[]>();
        if (s.Alarms.HasFlag(CraneAlarms.Collision)) entries.Add([1, 0x80, 0x00]);
        if (s.Alarms.HasFlag(CraneAlarms.Load)) entries.Add([5, 2]);
        if (s.Alarms.HasFlag(CraneAlarms.Moment)) entries.Add([6, 2]);
        if (s.Alarms.HasFlag(CraneAlarms.Wind)) entries.Add([7, 2]);
        if (s.Alarms.HasFlag(CraneAlarms.Tilt)) entries.Add([8, 2]);
        byte[] lists = entries.Count == 0 ? [0] : [1, (byte)entries.Count, .. entries.SelectMany(e => e)];
        return [.. CraneSensors(clock, s), .. new byte[20], .. lists, .. new byte[6]];
    }

    public static byte[] Cycle(LiftRecord lift)
    {
        byte[] number = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(number, lift.Number);
        double[] quantities =
        [
            lift.MaxLoadT, lift.MaxMomentTm, lift.MaxHeightM, lift.MinHeightM, lift.MaxRadiusM, lift.MinRadiusM, lift.MaxSlewDeg, lift.MinSlewDeg, 0, 0,
            lift.First.SlewDeg, lift.First.RadiusM, lift.First.HeightM, lift.Last.SlewDeg, lift.Last.RadiusM, lift.Last.HeightM,
        ];
        return [.. number, .. Time(lift.From), .. Time(lift.To), .. quantities.SelectMany(Bcd.Tenths)];
    }

    public static byte[] Hoist(DateTime clock, HoistSample s, uint person) =>
    [
        .. Time(clock), .. Person(person), 0, 0,
        .. Sensor(s.LoadT, LevelOf(s.LoadT, Machines.Hoist.RatedT)), .. Sensor(s.HeightM), .. Sensor(s.SpeedMps), .. Sensor(s.WindMps), .. Sensor(0),
        3, 0, 3, 0, 3, 0, 3, s.Alarms.HasFlag(HoistAlarms.People) ? AboveUpper : NoAlarm, (byte)s.People, 3, 1, (byte)s.Floor, s.DoorOpen ? (byte)1 : (byte)0, .. new byte[19], .. new byte[6],
    ];

    public static byte[] Dust(DateTime clock, DustSample s) =>
    [
        .. Time(clock), .. Person(0), 0, 0,
        .. Sensor(s.Pm25Ugm3), .. Sensor(s.Pm10Ugm3), .. Sensor(s.TemperatureC), .. Sensor(s.HumidityPct), .. Sensor(s.WindMps), .. new byte[8], .. Sensor(s.NoiseDb), .. Sensor(s.WindDirectionDeg), .. new byte[10], .. new byte[6],
    ];

    public static byte[] Person(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] CraneSensors(DateTime clock, CraneSample s) =>
    [
        .. Time(clock), 0, 0,
        .. Sensor(s.LoadT, LevelOf(s.LoadT, s.RatedT)), .. Sensor(s.HeightM), .. Sensor(s.RadiusM), .. Sensor(s.SlewDeg),
        .. Sensor(s.WindMps, s.Alarms.HasFlag(CraneAlarms.Wind) ? AboveUpper : NoAlarm), .. Sensor(s.TiltDeg, s.Alarms.HasFlag(CraneAlarms.Tilt) ? AboveUpper : NoAlarm),
        .. Sensor(s.MomentPct, LevelOf(s.MomentPct, 100)), .. (byte[])[1, 0, 0, 0, 0],
    ];

    private static byte LevelOf(double value, double limit) => value > limit ? AboveUpper : value > 0.9 * limit ? NearUpper : NoAlarm;

    private static byte[] Sensor(double value, byte level = NoAlarm) => [3, level, .. Bcd.Tenths(value)];

    private static byte Crc(byte[] body)
    {
        int crc = 0;
        foreach (byte b in body)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x80) != 0 ? ((crc << 1) ^ 0xE5) & 0xFF : (crc << 1) & 0xFF;
        }
        return (byte)crc;
    }
}
