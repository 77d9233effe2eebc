using FirmwareSim.Devices;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Boxes;

/// <summary>A TX101 box. All its reports are kept until they are acknowledged; nothing in them says how long they were.</summary>
internal abstract class Tx101Unit<TSample>(Sensor<TSample> sensor, int terminal, SiteClock clock, TimeSpan interval, TimeSpan heartbeat) : BoxUnit(sensor.Device, interval, heartbeat, clock.Time)
    where TSample : class
{
    /// <summary>Region 3302 of the example in CONTRACT.md, low byte first.</summary>
    private const int RegionLow = 0x02;
    private const int RegionHigh = 0x33;
    private const byte Done = 1;
    private const byte LinkTest = 3;
    private const byte Parameters = 4;

    protected BoxClock Clock { get; } = new(sensor.Device, clock);

    protected TSample Read() => sensor.Read();

    public override void Hear(byte[] frame)
    {
        if (!frame.AsSpan(4, 5).SequenceEqual(Address(terminal))) return;
        byte function = frame[10];
        switch (function)
        {
            case Tx101Frames.GetClock:
                SayLater(Tx101Frames.Wrap(Address(terminal), Parameters, 0, function, Tx101Frames.Time(Clock.Civil)));
                break;
            case Tx101Frames.SetClock:
                if (Tx101Frames.ReadTime(frame.AsSpan()[11..^2]) is { } told) Clock.Set(told);
                SayLater(Tx101Frames.Wrap(Address(terminal), Done, 0, function, []));
                break;
            default:
                Kept.Acknowledge(function);
                break;
        }
    }

    protected void Keep(byte purpose, byte function, byte[] data) => Kept.Add(function, triesLeft => Tx101Frames.Wrap(Name, purpose, triesLeft, function, data));

    protected override void Greet() => Say(Tx101Frames.Wrap(Name, LinkTest, 0, Tx101Frames.Link, [Tx101Frames.LogIn]));

    protected override void Heartbeat() => Say(Tx101Frames.Wrap(Name, LinkTest, 0, Tx101Frames.Link, [Tx101Frames.KeepAlive]));

    /// <summary>A box set up with another one's number.</summary>
    private byte[] Name => Address(Device.Effects.Has(EffectKind.AddressClash) ? 9 : terminal);

    private static byte[] Address(int terminal) => [RegionLow, RegionHigh, (byte)terminal, (byte)(terminal >> 8), (byte)(terminal >> 16)];

    private const double LateSeconds = 8;

    /// <summary>An answer, at once or, with <c>late-reply</c>, when nobody waits for it any more.</summary>
    private void SayLater(byte[] frame)
    {
        if (Device.Effects.Find(EffectKind.LateReply) is not { } late)
        {
            Say(frame);
            return;
        }
        _ = Task.Delay(TimeSpan.FromSeconds(late.Value > 0 ? late.Value : LateSeconds), clock.Time).ContinueWith(_ => Say(frame), TaskScheduler.Default);
    }
}

internal sealed class Tx101Crane(Sensor<CraneSample> sensor, int terminal, uint person, SiteClock clock, TimeSpan interval, TimeSpan heartbeat) : Tx101Unit<CraneSample>(sensor, terminal, clock, interval, heartbeat)
{
    private const byte Report = 5;
    private const byte Cycle = 6;
    private const byte Alarm = 7;

    private readonly LiftTracker _lifts = new();
    private CraneAlarms _told;

    protected override void Measure()
    {
        CraneSample sample = Read();
        DateTime at = Clock.Civil;
        if (sample.Alarms != _told) Keep(Alarm, Tx101Frames.CraneAlarm, Tx101Frames.Alarm(at, sample));
        _told = sample.Alarms;
        Keep(Report, Tx101Frames.CraneReport, Tx101Frames.Crane(at, sample));
        if (_lifts.See(at, sample) is { } lift) Keep(Cycle, Tx101Frames.CraneCycle, Tx101Frames.Cycle(lift));
    }

    protected override void Greet()
    {
        base.Greet();
        Keep(Cycle, Tx101Frames.Fingerprint, [.. Tx101Frames.Time(Clock.Civil), .. Tx101Frames.Person(person)]);
    }
}

internal sealed class Tx101Hoist(Sensor<HoistSample> sensor, int terminal, uint person, SiteClock clock, TimeSpan interval, TimeSpan heartbeat) : Tx101Unit<HoistSample>(sensor, terminal, clock, interval, heartbeat)
{
    private const byte Report = 5;

    protected override void Measure() => Keep(Report, Tx101Frames.HoistReport, Tx101Frames.Hoist(Clock.Civil, Read(), person));
}

internal sealed class Tx101Dust(Sensor<DustSample> sensor, int terminal, SiteClock clock, TimeSpan interval, TimeSpan heartbeat) : Tx101Unit<DustSample>(sensor, terminal, clock, interval, heartbeat)
{
    private const byte Report = 5;

    protected override void Measure() => Keep(Report, Tx101Frames.DustReport, Tx101Frames.Dust(Clock.Civil, Read()));
}
