using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Xunit;
using static Gateway.Domain.Tests.Reports.SampleSite;

namespace Gateway.Domain.Tests.Reports;

/// <summary>Data counts of a report, and the chain they rest on.</summary>
public sealed class ReportDataTests
{
    private readonly SampleSite _site = March();

    [Fact]
    public void Of_a_day_that_was_counted_again_the_newest_row_counts_and_the_chain_proves_it()
    {
        _site.Counted("dust-1", new(2026, 3, 5), new DataQuality(144, 144, 141));
        _site.Counted("dust-1", new(2026, 3, 6), new DataQuality(144, 10, 10));

        Assert.Equal(new DataQuality(288, 154, 151), Report().Site.Tally.Data);
        var findings = Verify(File());
        Assert.All(findings, f => Assert.Equal(ReportFault.Note, f.Fault));
        Assert.DoesNotContain(findings, f => f.Text.En.Contains("data counts", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_counted_again_behind_the_head_does_not_change_an_old_report()
    {
        byte[] file = File();
        _site.Counted("dust-1", new(2026, 3, 5), new DataQuality(144, 144, 144));

        Assert.All(Verify(file), f => Assert.Equal(ReportFault.Note, f.Fault));
        Assert.NotEqual(file, File());
    }

    [Fact]
    public void Days_outside_the_window_and_devices_the_ledger_does_not_have_are_left_out()
    {
        byte[] before = ReportJson.Write(SiteReport.Of(_site.Month() with { Evidence = Evidence }));
        _site.Data.Add(new DataDay("dust-1", new(2026, 4, 1), new DataQuality(144, 1, 1)));
        _site.Data.Add(new DataDay("dust-9", new(2026, 3, 6), new DataQuality(144, 1, 1)));

        Assert.Equal(before, ReportJson.Write(SiteReport.Of(_site.Month() with { Evidence = Evidence })));
    }

    [Fact]
    public void A_day_no_row_says_is_as_the_report_states_it_and_that_is_said()
    {
        _site.Data.Add(new DataDay("dust-1", new(2026, 3, 7), new DataQuality(144, 100, 100)));

        var note = Assert.Single(Verify(File()), f => f.Text.En.StartsWith("data counts of days without a row", StringComparison.Ordinal));
        Assert.Equal(ReportFault.Note, note.Fault);
    }

    [Fact]
    public void A_day_that_is_stated_better_than_its_row_is_found_with_a_row_and_without()
    {
        var forged = new DataDay("dust-1", new(2026, 3, 5), new DataQuality(144, 144, 144));
        foreach (long seq in new[] { _site.Data[0].Seq, 0 })
        {
            byte[] file = ReportJson.Write(SiteReport.Of(_site.Month() with { Data = [forged with { Seq = seq }] }));
            Assert.Contains(Verify(file), f => f.Fault == ReportFault.Figure && f.Where.StartsWith("figures[data.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("\"received\":143", "\"received\":144")]
    [InlineData("\"expected\":144", "\"expected\":143")]
    [InlineData("2026-03-05", "2026-03-04")]
    public void A_row_that_was_altered_is_found(string was, string becomes)
    {
        byte[] file = File();
        var rows = _site.Rows.ToList();
        int at = rows.FindIndex(r => r.Kind == DataDayJson.RowKind);
        string body = Encoding.UTF8.GetString(rows[at].Body.Span);
        Assert.Contains(was, body, StringComparison.Ordinal);
        rows[at] = rows[at] with { Body = Encoding.UTF8.GetBytes(body.Replace(was, becomes, StringComparison.Ordinal)) };

        var findings = ReportVerifier.Recompute(file, rows, Zone);
        Assert.Contains(findings, f => f.Fault == ReportFault.Chain);
        Assert.Contains(findings, f => f.Fault == ReportFault.Figure);
    }

    [Theory]
    [InlineData("""{"device":"d","date":"2026-03-05","expected":1,"received":2,"valid":0}""")]
    [InlineData("""{"device":"d","date":"2026-03-05","expected":2,"received":1,"valid":2}""")]
    [InlineData("""{"device":"d","date":"2026-03-05","expected":2,"received":1,"valid":-1}""")]
    [InlineData("""{"device":"d","date":"5.3.2026","expected":2,"received":1,"valid":1}""")]
    [InlineData("""{"device":"d","date":"2026-03-05","expected":2,"received":1}""")]
    [InlineData("[]")]
    [InlineData("?")]
    public void A_body_that_is_none_is_not_read(string body) => Assert.Null(DataDayJson.Read(Encoding.UTF8.GetBytes(body), 7));

    [Fact]
    public void A_body_is_read_back_as_it_was_written()
    {
        var day = new DataDay("扬尘-1", new(2026, 3, 5), new DataQuality(144, 143, 140), 7);
        Assert.Equal(day, DataDayJson.Read(DataDayJson.Write(day), 7));
    }

    private ReportEvidence Evidence { get; } = March().Month().Evidence;

    private SiteReport Report() => SiteReport.Of(_site.Month());

    private byte[] File() => ReportJson.Write(Report());

    private IReadOnlyList<ReportFinding> Verify(byte[] file) => ReportVerifier.Recompute(file, _site.Rows, Zone);
}
