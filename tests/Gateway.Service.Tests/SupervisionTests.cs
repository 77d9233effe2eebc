using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>What a supervisor such as systemd is told.</summary>
public sealed class SupervisionTests
{
    [Fact]
    public async Task The_supervisor_hears_of_readiness_life_and_the_stop()
    {
        using var supervisor = new Supervisor();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = supervisor.Address, ["WATCHDOG_USEC"] = "2000000" });

        await Eventually.TrueAsync("READY=1", Eventually.Seconds(5), () => Told(supervisor, "READY=1") == 1, () => string.Join(" | ", supervisor.Told));
        await Eventually.TrueAsync("WATCHDOG=1 three times in five seconds", Eventually.Seconds(5), () => Told(supervisor, "WATCHDOG=1") >= 3, () => string.Join(" | ", supervisor.Told));
        Assert.Equal(0, Told(supervisor, "STOPPING=1"));

        Assert.Equal(0, await gateway.StopAsync());
        Assert.Equal(1, Told(supervisor, "STOPPING=1"));
    }

    private static int Told(Supervisor supervisor, string word) => supervisor.Told.Count(t => t.Split('\n').Contains(word));
}
