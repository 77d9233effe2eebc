using System.Diagnostics;
using Gateway.Faults.Judging;

namespace Gateway.Faults.Rounds;

/// <summary>One round: load, faults, the end of all faults, and then the reckoning.</summary>
internal static class Round
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(90);

    public static async Task<RoundResult> RunAsync(int seed)
    {
        var plan = RoundPlan.Of(seed);
        var clock = Stopwatch.StartNew();
        await using var site = await Site.MakeAsync(plan);
        Tally tally;
        var exceptions = new List<string>();
        try
        {
            await site.OpenAsync();
            await LoadAsync(site);
            site.Heal();
            foreach (var device in site.Devices) await device.AllAcknowledgedAsync(DrainLimit);
            await Drain.WaitAsync(site.Gateway, DrainLimit);
            var running = await RunningView.ReadAsync(site.Gateway);
            int code = await site.StopForGoodAsync();
            if (code != 0) exceptions.Add($"the last stop ended with code {code}: {site.Gateway.Process.Said}");
            (tally, var found) = await Judgement.PassAsync(site, running);
            exceptions.AddRange(found);
        }
        catch (Exception failed)
        {
            // Whatever it is, the round has failed and the next one has not.
            tally = Tally.Of(site);
            exceptions.Add($"{failed.Message}\nthe gateway said:\n{string.Join('\n', site.Gateway.Process.Output.Concat(site.Gateway.Process.Errors).TakeLast(25))}");
        }
        return new RoundResult(plan, tally, exceptions, clock.Elapsed);
    }

    private static async Task LoadAsync(Site site)
    {
        var load = site.Devices.Select(d => Task.Run(() => d.ReportAsync(site.Plan.Load)));
        var lanes = site.Plan.Steps.GroupBy(s => s.Fault.Lane).Select(lane => Task.Run(() => LaneAsync(site, [.. lane])));
        await Task.WhenAll([.. load, .. lanes]);
    }

    private static async Task LaneAsync(Site site, IReadOnlyList<(TimeSpan At, Fault Fault)> steps)
    {
        var random = new Random(site.Plan.Seed + (int)steps[0].Fault.Lane);
        var clock = Stopwatch.StartNew();
        foreach (var (at, fault) in steps)
        {
            if (at - clock.Elapsed is var wait && wait > TimeSpan.Zero) await Task.Delay(wait);
            await fault.DoAsync(site, random);
        }
    }
}
