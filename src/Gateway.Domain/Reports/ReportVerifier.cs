using System.Text.Json;
using System.Text.Unicode;
using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;

namespace Gateway.Domain.Reports;

/// <summary>Makes a report again from the rows of the chain, and names the first figure or interval of each part that differs.</summary>
/// <remarks>
/// What is not in the chain is taken from the ledger the report names; where that is not kept, from the report, and that is said in a note. So are data counts and working
/// time without a row, and what was still open when it was made.
/// </remarks>
public static class ReportVerifier
{
    /// <summary>More differences than this are not listed.</summary>
    public const int DifferencesMax = 50;

    /// <param name="file">As <see cref="ReportJson.Write(SiteReport)"/> made it.</param>
    /// <param name="rows">The chain in its order, from row 1 if it can be had; rows behind the report's head are passed over.</param>
    /// <param name="zone">The site's zone, to check where the report cut the days; null: it is believed. Where the ledger is known, its zone counts.</param>
    /// <param name="ledgerOf">The ledger of a hash, or null where it is not kept: what the report then says of devices, operators and policies is believed, and that is said.</param>
    /// <returns>All findings; nothing but notes: the report is what the rows give.</returns>
    public static IReadOnlyList<ReportFinding> Recompute(ReadOnlyMemory<byte> file, IEnumerable<ReportRow> rows, TimeZoneInfo? zone = null, Func<string, SiteLedger?>? ledgerOf = null)
    {
        var findings = new List<ReportFinding>();
        if (ReportReader.Open(file) is not { } opened) return [ReportFinding.Form("{\"report\":…,\"sha256\":\"…\"}")];
        if (!opened.HashFits) findings.Add(ReportFinding.FootDiffers);
        if (!Utf8.IsValid(opened.Report.Span)) return [.. findings, ReportFinding.Form("UTF-8")];
        try
        {
            using var said = JsonDocument.Parse(opened.Report);
            Recompute(said.RootElement, opened.Report, rows, zone, ledgerOf, findings);
        }
        // A name with half a surrogate pair is JSON, but no text.
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            findings.Add(ReportFinding.Form(broken.Message));
        }
        return findings;
    }

    private static void Recompute(JsonElement said, ReadOnlyMemory<byte> bytes, IEnumerable<ReportRow> rows, TimeZoneInfo? zone, Func<string, SiteLedger?>? ledgerOf, List<ReportFinding> findings)
    {
        var input = ReportReader.Input(said);
        var ledger = ledgerOf?.Invoke(input.Evidence.LedgerSha256);
        if (ledger is not null)
        {
            var stated = input.Devices;
            (input, zone) = (ReportFacts.Of(ledger, input), ledger.Site.TimeZone);
            // One that is left out changes so many figures that it would not be among those listed.
            findings.AddRange(ReportFacts.Altered(stated, input.Devices).Take(DifferencesMax));
        }
        var chain = new ReportRows(input.Evidence, findings);
        chain.Walk(rows);
        SiteReport report;
        try
        {
            if (zone is not null) CheckDays(input, zone, findings);
            report = SiteReport.Of(input with { Presence = chain.Presence, Entries = chain.Entries, Work = [.. input.Work, .. chain.Work], Measured = chain.Measured, Data = [.. input.Data, .. chain.Data] });
        }
        catch (ArgumentException contradiction)
        {
            throw new FormatException(contradiction.Message, contradiction);
        }
        byte[] made = ReportJson.Write(report);
        var again = ReportReader.Open(made)!.Value.Report;
        if (!again.Span.SequenceEqual(bytes.Span))
        {
            using var found = JsonDocument.Parse(again);
            int before = findings.Count;
            ReportDifference.Find(said, found.RootElement, findings, before + DifferencesMax);
            if (findings.Count == before) findings.Add(ReportFinding.Differs("", "other bytes", "the same values in canonical form"));
        }
        long openMs = report.Accounts.Devices.SelectMany(d => d.Pieces).Where(p => ReportBasisJson.RestsOnOpen(p)).Sum(p => p.LengthMs);
        if (openMs > 0) findings.Add(ReportFinding.Note($"{openMs} ms rest on intervals that were still open: the chain says of them what it says once they are closed", $"{openMs} 毫秒出自当时尚未结束的时段：结束后才写入证据链"));
        if (report.Input.Work.Any(w => w.Seq == 0)) findings.Add(ReportFinding.Note("working time without a row is as the report states it", "没有链中记录的作业时间以报告所述为准"));
        if (report.Input.Data.Any(d => d.Seq == 0)) findings.Add(ReportFinding.Note("data counts of days without a row are as the report states them", "没有链中记录的日期，其数据条数以报告所述为准"));
        if (ledger is null) findings.Add(ReportFinding.Note("the ledger this report rests on is not kept here: devices, operators and policies are as the report states them", "此处未保存报告所依据的台账：设备、人员、保单以报告所述为准"));
    }

    private static void CheckDays(ReportInput input, TimeZoneInfo zone, List<ReportFinding> findings)
    {
        var expected = AccountWindow.Of(input.Window.FromMs, input.Window.ToMs, zone).Days;
        for (int i = 0; i < Math.Max(expected.Count, input.Window.Days.Count); i++)
        {
            var (stated, right) = (input.Window.Days.ElementAtOrDefault(i), expected.ElementAtOrDefault(i));
            if (stated != right)
            {
                findings.Add(ReportFinding.Differs($"window.days[{i}]", stated.ToString(), right.ToString()));
                return;
            }
        }
    }
}
