using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>How many connections stand, and what each of them costs.</summary>
[Collection(Alone.Name)]
public sealed class ManyConnectionsTests(ITestOutputHelper output)
{
    /// <summary>Most of an idle connection is the transport's; generous, for a process's memory comes in large pieces.</summary>
    private const double KiBEachMax = 64;

    [Fact]
    public Task Two_thousand_idle_connections_are_cheap_and_200_devices_beside_them_are_all_acknowledged() => HoldAsync(idle: 2_000, devices: 200, TimeSpan.FromSeconds(4));

    [Fact]
    [Trait("Tier", "long")]
    public Task Ten_thousand_idle_connections_are_cheap_and_2000_devices_beside_them_are_all_acknowledged() => HoldAsync(idle: 10_000, devices: 2_000, TimeSpan.FromSeconds(60));

    private async Task HoldAsync(int idle, int devices, TimeSpan time)
    {
        if (idle + devices > Crowd.ConnectionsPossible)
        {
            output.WriteLine($"the system lets a process open {Crowd.ConnectionsPossible} connections: fewer idle ones than {idle}");
            idle = Crowd.ConnectionsPossible - devices;
        }
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Enumerable.Range(0, devices).Select(n => SiteFiles.Crane(NameOf(n), expectedSeconds: 60))]));
        await gateway.StartAsync();
        await using (var warm = new Crowd(gateway.MqttPort)) await warm.ConnectAsync(100, "warm-");
        var before = await Metrics.WithConnectionsAsync(gateway, 0);

        await using var crowd = new Crowd(gateway.MqttPort);
        await crowd.ConnectAsync(idle, "idle-");
        var standing = await Metrics.WithConnectionsAsync(gateway, idle);
        double each = (standing.ResidentMiB - before.ResidentMiB) * 1024 / idle;
        output.WriteLine($"RSS {before.ResidentMiB:F1} MiB, with {idle} idle connections {standing.ResidentMiB:F1} MiB: {each:F1} KiB each");

        var reporting = await crowd.ConnectAsync(devices, "device-");
        await crowd.ReportAsync(reporting, n => Words.Telemetry(NameOf(n)), time);
        var after = await Metrics.WithConnectionsAsync(gateway, idle + devices);
        output.WriteLine($"{crowd.Acknowledged} of {crowd.Sent} messages of {devices} devices acknowledged, PUBACK p99 {crowd.Waits.P99.TotalMilliseconds:F0} ms, longest {crowd.Waits.Longest.TotalMilliseconds:F0} ms; RSS {after.ResidentMiB:F1} MiB");

        Assert.True(each < KiBEachMax, $"{each:F1} KiB for an idle connection");
        Assert.Equal(crowd.Sent, crowd.Acknowledged);
        Assert.True(crowd.Sent >= devices * (time.TotalSeconds - 1) / 2, $"only {crowd.Sent} messages in {time.TotalSeconds} s: the devices could not keep their pace");
        Assert.Equal(crowd.Sent, after["gateway_messages_received_total"]);
    }

    private static string NameOf(int number) => $"crane-{number:0000}";
}
