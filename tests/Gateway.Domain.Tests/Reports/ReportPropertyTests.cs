using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Reports;
using Gateway.Domain.Tests.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Reports;

/// <summary>Whatever the log of a site says, its report can be made again from its chain, to the byte.</summary>
public sealed class ReportPropertyTests
{
    private static readonly AccountWindow Window = AccountWindow.Of(SampleSite.At("2026-03-05"), SampleSite.At("2026-03-08"), SampleSite.Zone);

    [Fact]
    public void Any_log_gives_one_report_and_its_chain_proves_it()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var (site, input) = Chained(new RandomSite(seed, Window));
            byte[] file = ReportJson.Write(SiteReport.Of(input));
            var (presence, entries) = (input.Presence.ToArray(), input.Entries.ToArray());
            new Random(seed).Shuffle(presence);
            new Random(seed).Shuffle(entries);

            Assert.True(file.AsSpan().SequenceEqual(ReportJson.Write(SiteReport.Of(input with { Presence = presence, Entries = entries }))), $"seed {seed}: another order gave another report");
            var findings = ReportVerifier.Recompute(file, site.Rows, SampleSite.Zone).Where(f => f.Fault != ReportFault.Note).ToList();
            Assert.True(findings.Count == 0, $"seed {seed}: {findings.FirstOrDefault()?.Text.En}");
        }
    }

    /// <summary>Writes what the random site has into a chain, in the order of its numbers.</summary>
    private static (SampleSite Site, ReportInput Input) Chained(RandomSite random)
    {
        var site = new SampleSite();
        site.Devices.Add(random.Device);
        var numbers = new Dictionary<long, long>();
        var rows = random.Rows.Select(r => (r.Seq, Row: (object)r)).Concat(random.Log.Select(e => (e.Seq, Row: (object)e))).OrderBy(r => r.Seq);
        foreach (var (seq, row) in rows)
        {
            if (row is AccountInterval interval) site.Close(interval.Device, interval.State, interval.Cause, interval.FromMs, interval.ToMs);
            if (row is not LifecycleEntry entry) continue;
            var corrected = entry with { Corrects = entry.Corrects is { } old ? numbers[old] : null };
            numbers[seq] = site.Append(LifecycleJson.RowKind, Encoding.UTF8.GetString(LifecycleJson.Write(corrected)), entry.EnteredMs);
            site.Entries.Add(corrected with { Seq = numbers[seq] });
        }
        site.Open.Add(random.Open);
        return (site, site.Over(random.Window, random.AsOfMs));
    }
}
