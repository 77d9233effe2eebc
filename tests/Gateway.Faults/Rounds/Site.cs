using System.Text.Json.Nodes;
using Gateway.Faults.Judging;
using Gateway.Faults.Load;
using Gateway.Faults.Shim;
using Gateway.Faults.Sink;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Rounds;

/// <summary>The gateway of one round and everything around it: its disk, its clock, its sink, its devices, and a supervisor that starts it again when it ends by itself.</summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>Longer than the sink ever lies: what was answered for meanwhile is still held when it crashes.</summary>
    private const int HoldSeconds = 4;

    /// <summary>Code of a program that is told to end before it has begun: 128 and SIGTERM.</summary>
    private const int TerminatedAtStart = 143;

    private const int DiskMiB = 96;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _process = new(1);
    private readonly CancellationTokenSource _over = new();
    private readonly List<StoreSnapshot> _damaged = [];
    private Task _supervising = Task.CompletedTask;

    private Site(RoundPlan plan, SmallDisk disk, FaultShim shim)
    {
        (Plan, Disk, Shim) = (plan, disk, shim);
        var random = new Random(plan.Seed);
        var names = Enumerable.Range(1, plan.Devices).Select(n => $"crane-{n:00}").ToList();
        Gateway = new GatewayUnderTest(SiteFiles.Ledger([.. names.Select(n => SiteFiles.Crane(n, expectedSeconds: 60))]),
            SiteFiles.Target("sink", "influxdb-v1", Sink.Port, ("Database", "site"), ("BatchLines", plan.BatchLines), ("BacklogLinesPerSecond", plan.BacklogLinesPerSecond),
                ("TimeoutSeconds", 2), ("HoldSeconds", HoldSeconds), ("LiveLagSeconds", 2), ("ReadBackMinutes", 0)));
        Gateway.Configuration["Store"] = new JsonObject
        {
            ["Directory"] = disk.Path, ["TelemetryMiBMax"] = plan.TelemetryMiBMax, ["FreeMiBMin"] = 0, ["ReserveMiB"] = 8, ["SettledMiBMax"] = 0, ["HeartbeatSeconds"] = 1,
        };
        Devices = [.. names.Select(n => new LoadDevice(n, Gateway.MqttPort, plan.Pace) { OverloadAt = random.Next(2) == 0 ? random.NextDouble() * plan.Load : null })];
    }

    public RoundPlan Plan { get; }

    public SmallDisk Disk { get; }

    public FaultShim Shim { get; }

    public FaultySink Sink { get; } = new();

    public GatewayUnderTest Gateway { get; }

    public IReadOnlyList<LoadDevice> Devices { get; }

    public string StoreFolder => Disk.Path;

    /// <summary>Its timeline was a day off for a while: then points carry the time of receipt, as the devices' own cannot be believed.</summary>
    public bool StartedWithWrongClock { get; private set; }

    /// <summary>Its disk refused for a while: a start that meets that ends, and the supervisor tries again.</summary>
    public bool DiskRefused { get; set; }

    /// <summary>Times it ended by itself, and what it said then.</summary>
    public List<string> EndedByItself { get; } = [];

    /// <summary>Orderly stops that did not end with code 0.</summary>
    public List<string> BadStops { get; } = [];

    /// <summary>What each file held right before it was damaged.</summary>
    public IReadOnlyList<StoreSnapshot> Damaged => _damaged;

    public static async Task<Site> MakeAsync(RoundPlan plan)
    {
        var disk = new SmallDisk(DiskMiB);
        return new Site(plan, disk, await FaultShim.OverAsync(disk.Path));
    }

    public async Task OpenAsync()
    {
        Sink.Open();
        await Gateway.StartAsync(Shim.Environment);
        _supervising = SuperviseAsync();
        foreach (var device in Devices) device.KeepConnected();
    }

    /// <summary>Ends the process, does something, starts it again.</summary>
    public async Task WhileDownAsync(bool kill, Func<Task>? meanwhile = null)
    {
        await _process.WaitAsync();
        try
        {
            if (kill) await Gateway.KillAsync();
            else if (await Gateway.StopAsync() is not (0 or TerminatedAtStart) and var code) BadStops.Add($"exit code {code}: {Gateway.Process.Said}");
            if (meanwhile is not null) await meanwhile();
            await LaunchAsync();
        }
        finally
        {
            _process.Release();
        }
    }

    public async Task NoteDamageAsync(string file) => _damaged.Add(await StoreSnapshot.TakeAsync(StoreFolder, file));

    /// <summary>All that was wrong is over.</summary>
    public void Heal()
    {
        (Shim.DiskFails, Shim.ClockShift, Sink.Mood) = (null, TimeSpan.Zero, Mood.Takes);
        Disk.Empty();
    }

    /// <summary>The supervisor lets go, and the gateway ends in good order.</summary>
    public async Task<int> StopForGoodAsync()
    {
        await _over.CancelAsync();
        await _supervising;
        return await Gateway.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _supervising;
        foreach (var device in Devices) await device.DisposeAsync();
        await Gateway.DisposeAsync();
        await Sink.DisposeAsync();
        Shim.Dispose();
        Disk.Dispose();
        _process.Dispose();
        _over.Dispose();
    }

    private Task<ChildProcess> LaunchAsync()
    {
        StartedWithWrongClock |= Shim.ClockShift != TimeSpan.Zero;
        return Gateway.LaunchAsync(Shim.Environment);
    }

    private async Task SuperviseAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _process.WaitAsync();
            try
            {
                if (!Gateway.Process.HasExited) continue;
                EndedByItself.Add(Gateway.Process.Said);
                await LaunchAsync();
            }
            finally
            {
                _process.Release();
            }
        }
    }
}
