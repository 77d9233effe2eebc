using System.CommandLine;
using Gateway.Domain.Configuration;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway verify report FILE</c>: makes a report again from the chain, and names the first figure or interval that differs.</summary>
internal static class VerifyReportCommand
{
    private static readonly Argument<string> File = new("file") { Description = "A report as gateway report wrote it (json) / 由 gateway report 生成的 json 报告" };

    public static Command Create()
    {
        var command = new Command("report", "Recompute a report from the evidence chain / 由证据链重算并核对报告") { File, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    /// <returns>0: the chain gives this report; 1: something differs; 2: cannot be read.</returns>
    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        try
        {
            byte[] file = System.IO.File.ReadAllBytes(parsed.GetRequiredValue(File));
            var findings = ReportVerifier.Recompute(file, ReportSource.Rows(configuration.Store.StatePath), model.Ledger.Site.TimeZone, sha256 => ReportLedger.Of(configuration, model, sha256));
            foreach (var finding in findings) Console.WriteLine($"{(finding.Fault == ReportFault.Note ? "note" : finding.Fault.ToString())}  {finding.Where}  {finding.Text.En} / {finding.Text.Zh}");
            bool whole = findings.All(f => f.Fault == ReportFault.Note);
            Console.WriteLine(whole ? "The chain gives this report, byte for byte. / 报告与证据链逐字节一致。" : "The report is not what the chain gives. / 报告与证据链不一致。");
            return whole ? 0 : 1;
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 2;
        }
    }
}
