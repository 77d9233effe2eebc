using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Xunit;
using static Gateway.Domain.Tests.Reports.SampleSite;

namespace Gateway.Domain.Tests.Reports;

/// <summary>What a device told later is shown in every form of a report, and changes no rate.</summary>
public sealed class MeasuredReportTests
{
    [Fact]
    public void Proven_time_is_shown_beside_its_heading_and_no_rate_changes()
    {
        var (plain, proven) = (March(), Proven());
        var (before, after) = (SiteReport.Of(plain.Month()), SiteReport.Of(proven.Month()));

        Assert.Equal(before.Site.Figures.Select(f => f.Percent), after.Site.Figures.Select(f => f.Percent));
        var crane = after.Accounts.Devices.Single(d => d.Device.Id == "crane-1");
        // From 10:00 to 10:45 in two spans that overlap; 11:00 to 11:10 was online.
        Assert.Equal((45 * 60_000, 3_600_000), (crane.Days[4].OfflineMeasuredMs, crane.Days[4].OfflineMs));
        Assert.Equal(before.Accounts.Devices.Single(d => d.Device.Id == "crane-1").Total.OnlineMs, crane.Total.OnlineMs);
        Assert.Equal(60_000, after.Accounts.Devices.Single(d => d.Device.Id == "hoist-1").Total.UnknownMeasuredMs);
        Assert.Equal(45 * 60_000 + 60_000, after.SafetyDays.Sum(d => d.OfflineMeasuredMs + d.UnknownMeasuredMs));
    }

    [Fact]
    public void Every_form_carries_it()
    {
        var report = SiteReport.Of(Proven().Month());
        string json = Encoding.UTF8.GetString(ReportJson.Write(report));
        Assert.Contains("[82800000,3600000,0,0,0,0,0,2700000]", json, StringComparison.Ordinal);
        Assert.Contains($"[\"offline\",\"silent\",{At("2026-03-05 10:00")},{At("2026-03-05 11:00")},3,0,2700000]", json, StringComparison.Ordinal);
        Assert.Contains("2026-03-05,crane-1,crane-1,crane,builder,1,86400000,82800000,3600000,0,0,0,0,86400000,95.833,0,2700000", Encoding.UTF8.GetString(ReportCsv.Days(report, ReportLanguage.En)), StringComparison.Ordinal);
        Assert.Contains("measuring, as told later", Encoding.UTF8.GetString(ReportHtml.Write(report, Zone, ReportLanguage.En, new string('0', 64))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verifier_finds_it_in_the_rows_and_names_what_was_claimed_beyond_them()
    {
        var site = Proven();
        byte[] file = ReportJson.Write(SiteReport.Of(site.Month()));
        Assert.All(ReportVerifier.Recompute(file, site.Rows, Zone), f => Assert.Equal(ReportFault.Note, f.Fault));

        var input = site.Month();
        byte[] forged = ReportJson.Write(SiteReport.Of(input with { Measured = [.. input.Measured, new MeasuredSpan("crane-1", At("2026-03-05 10:45"), At("2026-03-05 11:00"), 3, 1)] }));
        Assert.Contains(ReportVerifier.Recompute(forged, site.Rows, Zone), f => f.Fault == ReportFault.Figure);
    }

    private static SampleSite Proven()
    {
        var site = March();
        site.Proved("crane-1", "2026-03-05 09:50", "2026-03-05 10:30", 3);
        site.Proved("crane-1", "2026-03-05 10:15", "2026-03-05 10:45", 3);
        site.Proved("crane-1", "2026-03-05 11:00", "2026-03-05 11:10", 3);
        site.Proved("hoist-1", "2026-03-08 09:01", "2026-03-08 09:02", 5);
        site.Proved("nobody", "2026-03-08 09:01", "2026-03-08 09:02", 5);
        return site;
    }
}
