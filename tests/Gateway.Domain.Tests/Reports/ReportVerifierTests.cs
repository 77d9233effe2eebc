using System.Security.Cryptography;
using System.Text;
using Gateway.Domain.Reports;
using Xunit;
using static Gateway.Domain.Tests.Reports.SampleSite;

namespace Gateway.Domain.Tests.Reports;

public sealed class ReportVerifierTests
{
    private readonly SampleSite _site = March();

    [Fact]
    public void A_report_that_was_not_touched_is_what_the_rows_give()
    {
        var findings = ReportVerifier.Recompute(File(), _site.Rows, Zone);
        Assert.All(findings, f => Assert.Equal(ReportFault.Note, f.Fault));
        // The hoist's last interval was still open.
        Assert.Contains(findings, f => f.Text.En.StartsWith("2040897000 ms rest on intervals that were still open", StringComparison.Ordinal));
    }

    [Fact]
    public void A_longer_chain_proves_the_same()
    {
        byte[] file = File();
        _site.Suspend("hoist-1", "2026-03-08 09:00", "2026-03-08 10:00", "repair", "2026-03-25");
        Assert.All(ReportVerifier.Recompute(file, _site.Rows, Zone), f => Assert.Equal(ReportFault.Note, f.Fault));
    }

    [Fact]
    public void A_changed_byte_does_not_fit_the_foot()
    {
        Assert.Equal(["Foot ", "Figure figures[online.time].percent"], Faults(Replace(File(), "\"99.926\"", "\"99.999\"", rehash: false)));
    }

    [Theory]
    [InlineData("\"99.926\"", "\"99.999\"", "figures[online.time].percent")]
    [InlineData("[82800000,3600000,0,0,0,0]", "[86400000,0,0,0,0,0]", "devices[crane-1].days[4][0]")]
    [InlineData("[\"offline\",\"silent\"", "[\"online\",\"\"", "devices[crane-1].pieces[1][0]")]
    [InlineData("\"excusedMs\":36000000", "\"excusedMs\":36000001", "lifecycle[0].excusedMs")]
    [InlineData("\"late\":true", "\"late\":false", "lifecycle[0].late")]
    public void A_forged_figure_with_a_forged_foot_is_named(string was, string becomes, string where)
    {
        Assert.Equal([$"Figure {where}"], Faults(Replace(File(), was, becomes)));
    }

    [Fact]
    public void A_device_that_was_left_out_changes_the_figures_it_was_in()
    {
        var input = _site.Month();
        // The days in service lie in the report alone: a device more or less shows in the ledger's hash, not in the rows.
        byte[] forged = Replace(File(), "\"unknownCounts\":\"as-not-online\"", "\"unknownCounts\":\"excluded\"");
        Assert.Contains("Figure figures[online.time].percent", Faults(forged));
        Assert.Equal(3, input.Devices.Count);
    }

    [Fact]
    public void An_altered_row_is_named_and_so_is_what_it_changes()
    {
        var rows = _site.Rows.ToList();
        rows[2] = rows[2] with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(rows[2].Body.Span).Replace("offline", "online", StringComparison.Ordinal)) };
        var findings = ReportVerifier.Recompute(File(), rows, Zone);
        Assert.Equal((ReportFault.Chain, "row 3 of the chain does not carry on the row before it"), (findings[0].Fault, findings[0].Text.En));
        Assert.Contains(findings, f => f.Where == "figures[online.time].percent");
    }

    [Fact]
    public void Rows_that_are_missing_at_the_end_or_in_the_middle_are_named()
    {
        Assert.Contains("Head evidence.headSeq", Faults(File(), [.. _site.Rows.SkipLast(1)]));
        Assert.Contains("Chain ", Faults(File(), [.. _site.Rows.Where(r => r.Seq != 4)]));
    }

    [Fact]
    public void Rows_missing_at_the_beginning_are_a_note_as_far_as_nothing_rests_on_them()
    {
        var findings = ReportVerifier.Recompute(File(), _site.Rows.Skip(1), Zone);
        Assert.All(findings, f => Assert.Equal(ReportFault.Note, f.Fault));
        Assert.Contains(findings, f => f.Text.En.StartsWith("rows 1 to 1 were not given", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Text.En.StartsWith("no boot row", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_chain_another_ledger_and_another_gateway_are_named()
    {
        Assert.Contains("Head evidence.headHash", Faults(Replace(File(), _site.Month().Evidence.HeadHash, new string('0', 64))));
        Assert.Contains("Figure evidence.ledgerSha256", Faults(Replace(File(), SampleSite.Ledger, new string('2', 64))));
        Assert.Contains("Figure evidence.gateway", Faults(Replace(File(), "\"gw-7\"", "\"gw-8\"")));
    }

    [Fact]
    public void Days_cut_elsewhere_than_the_zone_cuts_them_are_named()
    {
        long midnight = At("2026-03-05");
        byte[] forged = Replace(File(), $"{midnight}]", $"{midnight + 1}]");
        Assert.Contains("Figure window.days[3]", Faults(forged));
    }

    [Fact]
    public void Unreadable_rows_and_files_of_another_form_are_findings_never_exceptions()
    {
        _site.Append("interval", "{\"device\":\"crane-1\"}");
        _site.Append("lifecycle", "[]");
        _site.Append("work", "?");
        Assert.Equal(3, ReportVerifier.Recompute(File(), _site.Rows, Zone).Count(f => f.Fault == ReportFault.Row));
        foreach (string file in new[] { "", "{}", "{\"report\":{},\"sha256\":\"" + new string('0', 64) + "\"}\n", "{\"report\":[1],\"sha256\":\"" + new string('0', 64) + "\"}\n" })
            Assert.Contains(ReportVerifier.Recompute(Encoding.UTF8.GetBytes(file), _site.Rows), f => f.Fault == ReportFault.Form);
    }

    [Fact]
    public void Whatever_byte_of_a_report_is_changed_it_is_found()
    {
        byte[] file = File();
        var random = new Random(3);
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = [.. file];
            int at = random.Next(file.Length);
            changed[at] = (byte)(changed[at] ^ (1 << random.Next(7)));
            Assert.True(ReportVerifier.Recompute(changed, _site.Rows, Zone).Any(f => f.Fault != ReportFault.Note), $"byte {at}");
        }
    }

    private byte[] File() => ReportJson.Write(SiteReport.Of(_site.Month()));

    private string[] Faults(byte[] file, IReadOnlyList<ReportRow>? rows = null) =>
        [.. ReportVerifier.Recompute(file, rows ?? _site.Rows, Zone).Where(f => f.Fault != ReportFault.Note).Select(f => $"{f.Fault} {f.Where}")];

    private static byte[] Replace(byte[] file, string was, string becomes, bool rehash = true)
    {
        string text = Encoding.UTF8.GetString(file);
        int at = text.IndexOf(was, StringComparison.Ordinal);
        Assert.True(at > 0, was);
        text = text[..at] + becomes + text[(at + was.Length)..];
        string report = text["{\"report\":".Length..^(",\"sha256\":\"".Length + 64 + 3)];
        string sha256 = rehash ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(report))) : text[^67..^3];
        return Encoding.UTF8.GetBytes($"{{\"report\":{report},\"sha256\":\"{sha256}\"}}\n");
    }
}
