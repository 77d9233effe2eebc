using FirmwareSim.Machines;

namespace FirmwareSim.Tests.Machines;

public sealed class ConditionTests
{
    private static readonly Conditions Overload = new(Overload: true, Gust: false, DustPeak: false);
    private static readonly Conditions Gust = new(Overload: false, Gust: true, DustPeak: false);
    private static readonly Conditions DustPeak = new(Overload: false, Gust: false, DustPeak: true);

    [Fact]
    public void Overload_takes_a_crane_to_115_percent_with_the_first_sample_in_any_phase()
    {
        var crane = new Crane(Seeds.For(1, "crane-1"), new Weather(1, startHour: 8), ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        for (int seconds = 0; seconds < 3600; seconds += 10)
        {
            CraneSample sample = crane.Measure(TimeSpan.FromSeconds(seconds), Overload);
            Assert.InRange(sample.MomentPct, 114, 116);
            Assert.Equal(CraneAlarms.Load | CraneAlarms.Moment, sample.Alarms);
            Assert.Equal(sample.LoadT * sample.RadiusM / 80 * 100, sample.MomentPct, tolerance: 1e-6);
        }
    }

    [Fact]
    public void Overload_fills_a_hoist_beyond_its_rated_load_and_people()
    {
        HoistSample sample = new Hoist(new Random(1), new Weather(1, startHour: 8), "op-2001").Measure(TimeSpan.FromSeconds(60), Overload);
        Assert.InRange(sample.LoadT, 2.29, 2.32);
        Assert.Equal(12, sample.People);
        Assert.Equal(HoistAlarms.Load | HoistAlarms.People, sample.Alarms);
    }

    [Fact]
    public void A_gust_is_22_to_26_metres_a_second_at_every_sensor_and_rings_the_cranes_wind_alarm()
    {
        var weather = new Weather(1, startHour: 8);
        var crane = new Crane(new Random(1), weather, ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        var hoist = new Hoist(new Random(1), weather, "op-2001");
        var station = new DustStation(new Random(1), weather, dustiness: 1, exposure: 0.6);
        var anemometer = new Anemometer(weather, exposure: 1.15);
        for (int seconds = 0; seconds < 3600; seconds += 5)
        {
            TimeSpan at = TimeSpan.FromSeconds(seconds);
            CraneSample sample = crane.Measure(at, Gust);
            Assert.True(sample.Alarms.HasFlag(CraneAlarms.Wind));
            double[] winds = [sample.WindMps, hoist.Measure(at, Gust).WindMps, station.Measure(at, Gust).WindMps, anemometer.Measure(at, Gust).WindMps];
            Assert.All(winds, wind => Assert.InRange(wind, 22, 26));
        }
    }

    [Fact]
    public void A_dust_peak_is_five_times_the_days_PM10_and_TSP_and_leaves_the_rest_alone()
    {
        DustSample Measure(Conditions conditions) =>
            new DustStation(new Random(1), new Weather(1, startHour: 8), dustiness: 1, exposure: 1).Measure(TimeSpan.FromMinutes(5), conditions);

        DustSample ordinary = Measure(default);
        DustSample peak = Measure(DustPeak);
        Assert.Equal(ordinary with { Pm10Ugm3 = ordinary.Pm10Ugm3 * 5, TspUgm3 = ordinary.Pm10Ugm3 * 1.9 * 5 }, peak);
    }

    [Fact]
    public void An_axis_keeps_to_its_top_speed_and_stops_exactly_at_its_target()
    {
        var axis = new Axis(0, speedMax: 2, acceleration: 0.5) { Target = 30 };
        for (int step = 0; step < 100; step++)
        {
            axis.Advance(0.5);
            Assert.InRange(axis.Speed, 0, 2);
            Assert.InRange(axis.Position, 0, 30);
        }
        Assert.True(axis.HasArrived);
        Assert.Equal(30, axis.Position);
    }
}
