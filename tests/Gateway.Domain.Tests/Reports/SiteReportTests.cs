using System.Text;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;
using Xunit;
using static Gateway.Domain.Tests.Reports.SampleSite;

namespace Gateway.Domain.Tests.Reports;

public sealed class SiteReportTests
{
    [Fact]
    public void Every_figure_of_a_month_is_what_can_be_worked_out_by_hand()
    {
        var figures = SiteReport.Of(March().Month()).Site.Figures.ToDictionary(f => f.Figure.Id);

        // Two safety devices, 31 days of 86 400 000 ms; 1 h offline, 303 s unknown, 10 h excused.
        Assert.Equal([5_356_800_000 - 3_600_000 - 303_000 - 36_000_000, 3_600_000, 303_000, 36_000_000, 36_000_000, 0], figures["online.time"].Terms);
        Assert.Equal("99.926", figures["online.time"].Percent);
        Assert.Equal("99.951", figures["online.time.all"].Percent);
        // Two hours of work, half an hour of it silent.
        Assert.Equal(("75.000", "5400000,1800000,0,0,0"), (figures["online.use"].Percent, string.Join(',', figures["online.use"].Terms)));
        // Zhou's certificate ended on the tenth.
        Assert.Equal(("50.000", "3600000,7200000"), (figures["operators.certified"].Percent, string.Join(',', figures["operators.certified"].Terms)));
        Assert.Equal(("64.516", "20,31"), (figures["insurance.days"].Percent, string.Join(',', figures["insurance.days"].Terms)));
        Assert.Equal("100.000", figures["online.count"].Percent);
        // 143/144 and 140/144; their product is 20020/20736.
        Assert.Equal(("99.305", "97.222", "96.547"), (figures["data.transmission"].Percent, figures["data.validity"].Percent, figures["data.effective"].Percent));
    }

    [Fact]
    public void Figures_come_by_class_enterprise_and_device_and_add_up_to_the_site()
    {
        var report = SiteReport.Of(March().Month());

        Assert.Equal(["Class crane", "Class dust", "Class hoist", "Enterprise ", "Enterprise builder", "Enterprise rental"], report.Scopes.Select(s => $"{s.Kind} {s.Key}"));
        foreach (var kind in new[] { ScopeKind.Class, ScopeKind.Enterprise })
            Assert.Equal(report.Site.Tally, report.Scopes.Where(s => s.Kind == kind).Aggregate(Tally.None, (sum, s) => sum + s.Tally));
        Assert.Equal("99.863", report.DeviceAt(0).Figures[0].Percent);
        Assert.Null(report.Scopes.Single(s => s.Key == "dust").Figures.Single(f => f.Figure.Id == "online.time").Percent);
        Assert.Equal("100.000", report.Scopes.Single(s => s.Key == "dust").Figures.Single(f => f.Figure.Id == "online.time.all").Percent);
    }

    [Fact]
    public void Unknown_time_counts_as_the_site_decided_and_is_shown_in_either_case()
    {
        var input = March().Month();
        var excluded = SiteReport.Of(input with { Policy = input.Policy with { Unknown = UnknownCounts.Excluded } }).Site.Figures[0];
        Assert.Equal(("99.932", 303_000L), (excluded.Percent, excluded.Terms[2]));
    }

    [Fact]
    public void Exceptions_come_first_by_gravity_with_the_rows_they_rest_on()
    {
        var report = SiteReport.Of(March().Month());
        Assert.Equal(
        [
            "Bypass crane-1 1800000 3,7", "Uncertified crane-1 3600000 8", "Uninsured  950400000 ", "NotOnline crane-1 3600000 3", "NotOnline hoist-1 303000 5",
        ], report.Exceptions.Select(e => $"{e.Kind} {e.Device} {e.Ms} {string.Join(',', e.Rows)}"));
    }

    [Fact]
    public void An_excuse_is_shown_with_what_it_excused_and_that_it_came_late()
    {
        var excuse = Assert.Single(SiteReport.Of(March().Month()).Excuses);
        Assert.Equal((true, false, null, 36_000_000L, "王某"), (excuse.Late, excuse.Refused, excuse.CorrectedBy, excuse.ExcusedMs, excuse.Entry.Approver));
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes_whatever_its_order()
    {
        var input = March().Month();
        byte[] expected = ReportJson.Write(SiteReport.Of(input));
        for (int seed = 0; seed < 50; seed++)
        {
            var shuffled = input with
            {
                Devices = Shuffled(input.Devices, seed), Presence = Shuffled(input.Presence, seed), Entries = Shuffled(input.Entries, seed), Work = Shuffled(input.Work, seed), Data = Shuffled(input.Data, seed),
                Policies = Shuffled(input.Policies, seed), Operators = Shuffled(input.Operators, seed), Enterprises = Shuffled(input.Enterprises, seed), Open = Shuffled(input.Open, seed),
            };
            Assert.Equal(expected, ReportJson.Write(SiteReport.Of(shuffled)));
        }
    }

    [Fact]
    public void Made_again_from_a_longer_chain_an_old_report_has_the_same_bytes()
    {
        var site = March();
        var input = site.Month("2026-03-20");
        byte[] then = ReportJson.Write(SiteReport.Of(input));
        site.Close("hoist-1", PresenceState.Online, "", "2026-03-08 09:05:03", "2026-03-25");
        site.Suspend("hoist-1", "2026-03-08 09:00", "2026-03-08 10:00", "repair", "2026-03-25");
        site.Worked("crane-1", "2026-03-02 09:30", "2026-03-02 10:30", null);

        var (closed, open) = AsOf.Row(site.Presence, [new OpenInterval("hoist-1", PresenceState.Offline, "will", At("2026-03-25"))], input.Evidence.HeadSeq, input.AsOfMs);
        Assert.Equal(then, ReportJson.Write(SiteReport.Of(site.Month("2026-03-20") with { Evidence = input.Evidence, Presence = closed, Open = open })));
    }

    [Fact]
    public void The_file_is_JSON_and_its_foot_the_hash_of_its_report()
    {
        string file = Encoding.UTF8.GetString(ReportJson.Write(SiteReport.Of(March().Month())));
        using var document = JsonDocument.Parse(file);

        string report = document.RootElement.GetProperty("report").GetRawText();
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(report))), document.RootElement.GetProperty("sha256").GetString());
        Assert.EndsWith("\"}\n", file, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', file);
        Assert.Contains("示例工地", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_in_pieces_a_large_report_is_the_same_file()
    {
        var site = March();
        for (int i = 0; i < 2_000; i++) site.Data.Add(new DataDay("dust-1", new(2026, 3, 6), new DataQuality(i, i, i)));
        var report = SiteReport.Of(site.Month());
        byte[] whole = ReportJson.Write(report);

        Assert.True(whole.Length > 2 * 64 * 1024);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole.AsSpan()[10..^78])), ReportJson.Write(report, Stream.Null));
        Assert.Equal(ReportJson.Write(report, Stream.Null), ReportJson.Sha256Of(whole));
    }

    [Fact]
    public void A_report_of_nothing_has_no_rates()
    {
        var report = SiteReport.Of(new SampleSite().Month());
        Assert.All(report.Site.Figures.Where(f => f.Figure.Id != "insurance.days"), f => Assert.Equal((null, false), (f.Percent, f.Met)));
        Assert.Empty(SiteReport.Of(March().Month("2026-02-01")).Accounts.Days);
    }

    private static T[] Shuffled<T>(IEnumerable<T> items, int seed)
    {
        var array = items.ToArray();
        new Random(seed).Shuffle(array);
        return array;
    }
}
