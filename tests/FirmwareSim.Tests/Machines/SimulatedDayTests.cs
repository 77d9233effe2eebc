using FirmwareSim.Machines;

namespace FirmwareSim.Tests.Machines;

public sealed class SimulatedDayTests
{
    private static Conditions Ordinary => default;

    private static IEnumerable<TimeSpan> Day(double everySeconds)
    {
        for (double at = 0; at < 86_400; at += everySeconds) yield return TimeSpan.FromSeconds(at);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void A_crane_at_ordinary_work_stays_below_every_alarm_limit_for_a_day(int seed)
    {
        var crane = new Crane(Seeds.For(seed, "crane-1"), new Weather(seed, startHour: 6), ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        foreach (TimeSpan at in Day(2))
        {
            CraneSample sample = crane.Measure(at, Ordinary);
            Assert.InRange(sample.MomentPct, 0, 88);
            Assert.InRange(sample.LoadT, 0, Math.Min(6, sample.RatedT));
            Assert.InRange(sample.WindMps, 0, 8.99);
            Assert.InRange(sample.TiltDeg, 0, 0.228);
            Assert.InRange(sample.RadiusM, 3, 50);
            Assert.InRange(sample.HeightM, 0, 38);
            Assert.InRange(sample.SlewDeg, 0, 360);
            Assert.Equal(CraneAlarms.None, sample.Alarms);
            Assert.Equal("op-1001", sample.Operator);
        }
    }

    [Theory]
    [InlineData(80, 38)]
    [InlineData(63, 50)]
    public void A_loaded_crane_works_between_30_and_88_percent_moment_with_half_a_tonne_to_six(double ratedMomentTm, double travelHeightM)
    {
        var crane = new Crane(Seeds.For(1, "crane-1"), new Weather(1, startHour: 6), ratedMomentTm, travelHeightM, "op-1001");
        int loaded = 0;
        foreach (TimeSpan at in Day(1))
        {
            CraneSample sample = crane.Measure(at, Ordinary);
            if (crane.Phase is not (CranePhase.Slew or CranePhase.Trolley or CranePhase.Lower)) continue;
            loaded++;
            Assert.InRange(sample.MomentPct, 30, 88);
            Assert.InRange(sample.LoadT, 0.5, 6);
        }
        Assert.InRange(loaded, 20_000, 70_000);
    }

    [Fact]
    public void A_crane_goes_through_every_phase_of_its_cycle_in_order_and_keeps_to_its_speeds()
    {
        var cycle = new CraneCycle(new Random(5), ratedMomentTm: 80, travelHeightM: 38);
        var seen = new List<CranePhase> { cycle.Phase };
        for (int step = 0; step < 7200; step++)
        {
            (double slew, double radius, double height) = (cycle.Slew.Position, cycle.Trolley.Position, cycle.Hook.Position);
            cycle.Advance(0.5);
            Assert.InRange(Math.Abs(cycle.Slew.Position - slew), 0, 0.5 * 3.6 + 1e-9);
            Assert.InRange(Math.Abs(cycle.Trolley.Position - radius), 0, 0.5 * 50 / 60 + 1e-9);
            Assert.InRange(Math.Abs(cycle.Hook.Position - height), 0, 0.5 * 40 / 60 + 1e-9);
            if (cycle.Phase != seen[^1]) seen.Add(cycle.Phase);
        }
        Assert.True(seen.Count > 40, $"only {seen.Count} changes of phase in an hour");
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.Equal(((int)pair.First + 1) % 8, (int)pair.Second));
    }

    [Fact]
    public void A_hoist_carries_people_up_and_down_for_a_day_below_every_limit()
    {
        var hoist = new Hoist(Seeds.For(1, "hoist-1"), new Weather(1, startHour: 6), "op-2001");
        var floors = new HashSet<int>();
        foreach (TimeSpan at in Day(2))
        {
            HoistSample sample = hoist.Measure(at, Ordinary);
            Assert.InRange(sample.LoadT, 0.07, 1.9);
            Assert.InRange(sample.People, 1, 8);
            Assert.InRange(sample.WindMps, 0, 8.99);
            Assert.InRange(Math.Abs(sample.SpeedMps), 0, 0.6);
            Assert.Equal(HoistAlarms.None, sample.Alarms);
            if (sample.DoorOpen) Assert.Equal(0, sample.SpeedMps);
            if (sample.DoorOpen) floors.Add(sample.Floor);
        }
        Assert.Equal(18, floors.Count);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(1.15)]
    public void Dust_stays_below_120_all_day_and_working_hours_are_dustier_than_the_night(double dustiness)
    {
        var station = new DustStation(Seeds.For(1, "dust-3"), new Weather(1, startHour: 0), dustiness, exposure: 1);
        var byHour = new List<double>[24];
        for (int hour = 0; hour < 24; hour++) byHour[hour] = [];
        foreach (TimeSpan at in Day(5))
        {
            DustSample sample = station.Measure(at, Ordinary);
            Assert.InRange(sample.Pm10Ugm3, 5, 119);
            Assert.InRange(sample.WindMps, 0, 8.99);
            Assert.InRange(sample.NoiseDb, 40, 69.9);
            Assert.InRange(sample.TemperatureC, 5, 35);
            Assert.InRange(sample.HumidityPct, 20, 98);
            Assert.True(sample.Pm25Ugm3 < sample.Pm10Ugm3 && sample.Pm10Ugm3 < sample.TspUgm3);
            byHour[at.Hours].Add(sample.Pm10Ugm3);
        }
        Assert.True(byHour[10].Average() > byHour[2].Average() + 20);
        Assert.True(byHour[15].Average() > byHour[23].Average() + 20);
    }
}
