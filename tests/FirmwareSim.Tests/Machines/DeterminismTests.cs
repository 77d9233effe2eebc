using FirmwareSim.Machines;

namespace FirmwareSim.Tests.Machines;

public sealed class DeterminismTests
{
    private static List<CraneSample> Run(int seed, double everySeconds)
    {
        var crane = new Crane(Seeds.For(seed, "crane-1"), new Weather(seed, startHour: 8), ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        return [.. Enumerable.Range(1, (int)(3600 / everySeconds)).Select(i => crane.Measure(TimeSpan.FromSeconds(i * everySeconds), default))];
    }

    [Fact]
    public void The_same_seed_tells_the_same_story() => Assert.Equal(Run(seed: 1, everySeconds: 2), Run(seed: 1, everySeconds: 2));

    [Fact]
    public void Another_seed_tells_another_story() => Assert.NotEqual(Run(seed: 1, everySeconds: 2), Run(seed: 2, everySeconds: 2));

    [Fact]
    public void Every_sensor_on_the_site_feels_the_same_wind()
    {
        var weather = new Weather(seed: 1, startHour: 8);
        var crane = new Crane(Seeds.For(1, "crane-1"), weather, ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        var anemometer = new Anemometer(weather, exposure: 1.15);
        for (int seconds = 0; seconds < 600; seconds += 5)
        {
            TimeSpan at = TimeSpan.FromSeconds(seconds);
            Assert.Equal(anemometer.Measure(at, default).WindMps, crane.Measure(at, default).WindMps);
        }
    }
}
