namespace Gateway.Links.Modbus;

/// <summary>What a bus has to do, reckoned from rates and frames before anything is asked.</summary>
/// <param name="Usual">A round over all units when each answers after 20 ms, as most sensors do.</param>
/// <param name="Worst">A round when each answers as late as it may.</param>
/// <param name="OneDead">The usual round with the most expensive unit silent: until it is known to be dead, or when it is probed.</param>
/// <param name="Utilisation">Part of bus time that the usual rounds take at the periods of the ledger; above 1 nobody keeps his period.</param>
/// <param name="Overload">The unit with which the worst round no longer fits into the shortest period; null = it fits.</param>
public sealed record BusReckoning(TimeSpan Usual, TimeSpan Worst, TimeSpan OneDead, double Utilisation, BusOverload? Overload)
{
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromMilliseconds(20);

    public static BusReckoning Of(ModbusBusOptions bus)
    {
        var timing = new BusTiming(bus.Baud, bus.Framing, bus.Tcp);
        TimeSpan usual = TimeSpan.Zero, worst = TimeSpan.Zero, dearest = TimeSpan.Zero, shortest = TimeSpan.MaxValue;
        double utilisation = 0;
        BusOverload? overload = null;
        foreach (var unit in bus.Units)
        {
            var round = RoundOf(unit, timing, s_usualDelay);
            usual += round;
            worst += RoundOf(unit, timing, unit.ResponseTimeout);
            utilisation += round / unit.Period;
            var extra = timing.CostOfSilence(unit) - round;
            if (extra > dearest) dearest = extra;
            if (unit.Period < shortest) shortest = unit.Period;
            if (worst > shortest) overload ??= new BusOverload(unit.DeviceId, unit.Address, shortest, worst);
        }
        return new BusReckoning(usual, worst, usual + dearest, utilisation, overload);
    }

    private static TimeSpan RoundOf(ModbusUnit unit, BusTiming timing, TimeSpan delay) =>
        ModbusReadPlan.Of(unit.Blocks, timing).Aggregate(TimeSpan.Zero, (sum, read) => sum + timing.CostOfAnswer(read.Block, delay));
}

/// <param name="Period">The shortest of the units until then.</param>
/// <param name="Cycle">What the worst round becomes.</param>
public sealed record BusOverload(string DeviceId, byte Address, TimeSpan Period, TimeSpan Cycle);
