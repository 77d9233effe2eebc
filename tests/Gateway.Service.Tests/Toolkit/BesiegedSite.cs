using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>A gateway with tight limits and healthy devices, for attacks one after the other: what one leaves behind would show in the next.</summary>
public sealed class BesiegedSite : SharedGateway
{
    internal const int ConnectTimeoutSeconds = 2, ConnectionsMax = 1_200, ConnectionsPerAddressMax = 500, PacketBytesMax = 65_536, SubscriptionsMax = 100, SessionsMax = 600, RetainedMax = 500;

    /// <summary>Healthy devices, each with one connection.</summary>
    internal const int Healthy = 20;

    /// <summary>What an attack may cost at its height, MiB over what the process took before. Generous: queues and buffers of its limits come to less than half.</summary>
    private const double ResidentMiBMore = 200;

    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(2);

    private HealthyDevices? _healthy;
    private SseReader? _stream;

    internal int Port => Gateway.MqttPort;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _healthy = new HealthyDevices(Healthy, Port);
        await _healthy.StartAsync();
        await Eventually.TrueAsync("the healthy devices report", Eventually.Seconds(10), () => _healthy.Acknowledged > 2 * Healthy);
        _stream = await SseReader.OpenAsync(Gateway);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        if (_healthy is not null) await _healthy.DisposeAsync();
        await base.DisposeAsync();
    }

    internal Task<Metrics> MetricsAsync() => Metrics.ReadAsync(Gateway);

    /// <summary>
    /// Lets an attack go on and over. Meanwhile every healthy device is acknowledged in time and none loses its presence; afterwards the attackers' connections and
    /// sockets are gone, and the memory stayed bounded.
    /// </summary>
    /// <param name="attack">Ends with all its own connections closed, by whoever.</param>
    internal async Task WithstandsAsync(ITestOutputHelper output, Func<Task> attack)
    {
        var healthy = _healthy!;
        await Eventually.GetAsync("the sessions that attacks before this one left behind have ended", Eventually.Seconds(60), MetricsAsync, m => m["gateway_mqtt_sessions"] <= Healthy, m => $"{m["gateway_mqtt_sessions"]}");
        var before = await Metrics.WithConnectionsAsync(Gateway, Healthy);
        long acknowledged = healthy.Acknowledged;
        int heard = _stream!.Events.Count;
        healthy.ForgetTimes();

        var over = new TaskCompletionSource();
        var peak = PeakAsync(over.Task);
        try
        {
            await attack();
        }
        finally
        {
            over.SetResult();
        }

        var after = await Metrics.WithConnectionsAsync(Gateway, Healthy);
        var slowest = healthy.SlowestAcknowledgement;
        double peakMiB = await peak;
        output.WriteLine($"slowest PUBACK {slowest.TotalMilliseconds:F0} ms of {healthy.Acknowledged - acknowledged}; RSS {before.ResidentMiB:F0} → {peakMiB:F0} → {after.ResidentMiB:F0} MiB");
        Assert.True(slowest < AcknowledgedWithin, $"a healthy device waited {slowest.TotalMilliseconds:F0} ms for its PUBACK");
        await Eventually.TrueAsync("healthy devices are still acknowledged", AcknowledgedWithin, () => healthy.Acknowledged > acknowledged);
        Assert.True(peakMiB < before.ResidentMiB + ResidentMiBMore, $"RSS grew from {before.ResidentMiB:F0} to {peakMiB:F0} MiB");
        Assert.DoesNotContain(_stream.Events.Skip(heard), e => e.Name == "presence");
        await Eventually.GetAsync("no more files are open than before", Eventually.Seconds(10), MetricsAsync, m => m.Files <= before.Files + 5, m => $"{m.Files} after {before.Files}");
    }

    protected override JsonObject[] Devices() => HealthyDevices.LedgerOf(Healthy);

    protected override void Configure(JsonObject mqtt)
    {
        (mqtt["ConnectTimeoutSeconds"], mqtt["ConnectionsMax"], mqtt["ConnectionsPerAddressMax"]) = (ConnectTimeoutSeconds, ConnectionsMax, ConnectionsPerAddressMax);
        (mqtt["PacketBytesMax"], mqtt["SubscriptionsMax"], mqtt["SessionsMax"], mqtt["RetainedMax"]) = (PacketBytesMax, SubscriptionsMax, SessionsMax, RetainedMax);
        (mqtt["QueueMessagesMax"], mqtt["QueueKiBMax"]) = (200, 1_024);
    }

    private async Task<double> PeakAsync(Task over)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        double peak = 0;
        do peak = Math.Max(peak, (await MetricsAsync()).ResidentMiB);
        while (!over.IsCompleted && await timer.WaitForNextTickAsync());
        return peak;
    }
}
