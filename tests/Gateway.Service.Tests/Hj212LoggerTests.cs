using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The simulated logger with a memory, its sins and the gateway's absence, in real time.</summary>
public sealed class Hj212LoggerTests
{
    private const string Mn = "NB0203000000000000000021";

    [Fact]
    [Trait("Tier", "long")]
    public async Task Minutes_of_an_absence_come_back_marked_from_a_logger_that_drips_lies_and_uses_the_wrong_checksum()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-9", Mn)), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        await using var logger = await FirmwareSim.StartAsync(gateway, gateway["bus"], more: ["--logger", $"127.0.0.1:{gateway.Hj212Port}"]);
        foreach (string sin in new[] { "wrong-crc", "lying-length", "foreign-bytes", "drip" }) await logger.CommandAsync(sin, "dust-9");
        await Eventually.GetAsync("three minutes are forwarded", Eventually.Seconds(260), () => Minutes(sink).Count(), n => n >= 3);
        // Written down every half minute: how far the history is known.
        await Task.Delay(TimeSpan.FromSeconds(35));
        await gateway.KillAsync();
        int before = Minutes(sink).Count();
        await Task.Delay(TimeSpan.FromMinutes(4));
        await gateway.StartAsync();

        await Eventually.GetAsync("the minutes of the absence are there", Eventually.Seconds(150), () => Minutes(sink).Where(l => l.Field("backfill") == "1i").Select(l => l.Time).Distinct().Count(), n => n >= 3);
        var times = Minutes(sink).Select(l => long.Parse(l.Time, System.Globalization.CultureInfo.InvariantCulture) / 60_000_000_000).Distinct().Order().ToList();
        Assert.True(times.Count > before);
        Assert.Equal(times[^1] - times[0] + 1, times.Count);
    }

    private static IEnumerable<SinkLine> Minutes(LineSink sink) => sink.Of("dust_minute");
}
