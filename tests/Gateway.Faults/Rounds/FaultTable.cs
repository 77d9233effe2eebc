using Gateway.Faults.Shim;
using Gateway.Faults.Sink;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Rounds;

/// <summary>All that can go wrong.</summary>
internal static class FaultTable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill", Lane.Process, (site, _) => site.WhileDownAsync(kill: true)),
        new("kill twice", Lane.Process, async (site, random) =>
        {
            await site.WhileDownAsync(kill: true);
            // Anywhere between its first instruction and its first acknowledgement.
            await PauseAsync(random, 0, 0.7);
            await site.WhileDownAsync(kill: true);
        }),
        new("stop", Lane.Process, (site, _) => site.WhileDownAsync(kill: false)),
        new("clock a day ahead", Lane.Process, (site, random) => ShiftAsync(site, random, Day)),
        new("clock a day back", Lane.Process, (site, random) => ShiftAsync(site, random, -Day)),
        new("kill and a wrong clock", Lane.Process, async (site, random) =>
        {
            await site.WhileDownAsync(kill: true, () =>
            {
                site.Shim.ClockShift = random.Next(2) == 0 ? Day : -Day;
                return Task.CompletedTask;
            });
            await PauseAsync(random, 1, 2);
            site.Shim.ClockShift = TimeSpan.Zero;
        }),
        .. Damage.All,
        new("disk full", Lane.Disk, async (site, random) =>
        {
            site.DiskRefused = true;
            site.Disk.Fill();
            await PauseAsync(random, 0.3, 1);
            // What room the gateway has made for itself meanwhile goes too.
            if (random.Next(2) == 0) site.Disk.Fill();
            await PauseAsync(random, 0.3, 1.5);
            site.Disk.Empty();
        }),
        DiskError("disk with I/O errors", Shim.DiskError.InputOutput),
        DiskError("disk read-only", Shim.DiskError.ReadOnly),
        Moody("sink refuses", Mood.Refuses),
        Moody("sink busy", Mood.IsBusy),
        Moody("sink hangs", Mood.Hangs),
        Moody("sink keeps half", Mood.KeepsHalf),
        Moody("sink drips", Mood.Drips),
        Moody("answers cut", Mood.CutsAnswer),
        Moody("requests cut", Mood.CutsRequest),
        Gone("sink gone", 0.5, 4),
        new("sink lies", Lane.Sink, async (site, random) =>
        {
            site.Sink.Mood = Mood.Lies;
            await PauseAsync(random, 0.3, 2.5);
            site.Sink.Mood = Mood.Takes;
            site.Sink.Crash();
        }),
        new("line refused", Lane.Sink, (site, random) =>
        {
            var (device, rest) = (site.Devices[random.Next(site.Devices.Count)].Id, random.Next(41));
            site.Sink.Refuses = line => line.Measurement == "crane" && line.Tag("device") == device && line.Seq % 41 == rest;
            return Task.CompletedTask;
        }),
        new("devices reset", Lane.Devices, async (site, random) =>
        {
            for (int i = 0; i < 3; i++)
            {
                foreach (var device in site.Devices) if (random.Next(2) == 0) device.Reset();
                await PauseAsync(random, 0.1, 0.6);
            }
        }),
    ];

    /// <summary>More than a small store can hold comes meanwhile.</summary>
    public static Fault LongOutage { get; } = Gone("sink gone for long", 4, 8);

    public static Task PauseAsync(Random random, double fromSeconds, double toSeconds) => Task.Delay(TimeSpan.FromSeconds(fromSeconds + (toSeconds - fromSeconds) * random.NextDouble()));

    private static Fault Moody(string name, Mood mood) => new(name, Lane.Sink, async (site, random) =>
    {
        site.Sink.Mood = mood;
        await PauseAsync(random, 0.5, 4);
        site.Sink.Mood = Mood.Takes;
    });

    private static Fault Gone(string name, double fromSeconds, double toSeconds) => new(name, Lane.Sink, async (site, random) =>
    {
        await site.Sink.ShutAsync();
        await PauseAsync(random, fromSeconds, toSeconds);
        site.Sink.Open();
    });

    private static Fault DiskError(string name, DiskError error) => new(name, Lane.Disk, async (site, random) =>
    {
        site.DiskRefused = true;
        site.Shim.DiskFails = error;
        await PauseAsync(random, 0.2, 2);
        site.Shim.DiskFails = null;
    });

    private static async Task ShiftAsync(Site site, Random random, TimeSpan by)
    {
        // A step: the gateway is there, and its timeline began before.
        await Eventually.GetAsync("the gateway runs", TimeSpan.FromSeconds(30), () => Metrics.ReadAsync(site.Gateway), m => m.Connections >= 0);
        site.Shim.ClockShift = by;
        await Eventually.GetAsync("the gateway's clock is a day off", TimeSpan.FromSeconds(20), () => Metrics.ReadAsync(site.Gateway), m => Math.Abs(m["gateway_wall_clock_skew_ms"] - by.TotalMilliseconds) < 60_000, m => $"{m["gateway_wall_clock_skew_ms"]} ms");
        await PauseAsync(random, 0.5, 2);
        if (random.Next(2) == 0) site.Shim.ClockShift = TimeSpan.Zero;
    }
}
