using System.CommandLine;
using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.Composition;

namespace Gateway.Service.Commands;

/// <summary><c>gateway report</c>: the report of a day, a month or two months, from the evidence chain. Reads only, also while the gateway runs.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Window = new("window") { Description = "2026-03-05, 2026-03, 2026-03/2026-04 (a calendar pair) / 日、月或双月" };

    private static readonly Option<string> Form = new("--format") { Description = "json (can be verified), html (to print), csv (device-days), pieces (intervals) / 输出格式", DefaultValueFactory = _ => "json" };

    private static readonly Option<string> Language = new("--lang") { Description = "zh, en", DefaultValueFactory = _ => "zh" };

    private static readonly Option<string?> Out = new("--out") { Description = "File; default: standard output / 输出文件" };

    private static readonly Option<long?> AsOf = new("--as-of") { Description = "Row of the chain: the report as it was then / 截至证据链某一行" };

    public static Command Create()
    {
        Form.AcceptOnlyFromAmong("json", "html", "csv", "pieces");
        Language.AcceptOnlyFromAmong("zh", "en");
        var command = new Command("report", "Report a day or a month from the evidence chain / 由证据链生成日报、月报") { Window, Form, Language, Out, AsOf, ConfigOption.Option };
        command.SetAction(parsed => AccountsOption.Run(parsed, (configuration, model) => Run(parsed, configuration, model)));
        return command;
    }

    private static int Run(ParseResult parsed, GatewayConfiguration configuration, SiteModel model)
    {
        var (ledger, sha256) = ReportLedger.At(configuration, model, parsed.GetValue(AsOf));
        var zone = ledger.Site.TimeZone;
        string asked = parsed.GetRequiredValue(Window);
        if (WindowText.Read(asked, zone, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) is not { } window)
        {
            Console.Error.WriteLine($"gateway: expected {WindowText.Expected}, saw \"{asked}\"");
            return 2;
        }
        var taken = ReportSource.Take(configuration.Store.StatePath, configuration.Gateway.Id, ledger, sha256, window);
        if (ReportMoment.Of(configuration.Store.StatePath, taken, parsed.GetValue(AsOf)) is not { } input)
        {
            Console.Error.WriteLine($"gateway: the chain has no row {parsed.GetValue(AsOf)}; its newest is {taken.Evidence.HeadSeq}");
            return 2;
        }
        var report = SiteReport.Of(input);
        byte[] bytes = Write(report, zone, parsed.GetRequiredValue(Form), parsed.GetRequiredValue(Language) == "zh" ? ReportLanguage.Zh : ReportLanguage.En);
        if (parsed.GetValue(Out) is { } file) File.WriteAllBytes(file, bytes);
        else using (var output = Console.OpenStandardOutput()) output.Write(bytes);
        return 0;
    }

    private static byte[] Write(SiteReport report, TimeZoneInfo zone, string form, ReportLanguage language) => form switch
    {
        "html" => ReportHtml.Write(report, zone, language, ReportJson.Sha256Of(ReportJson.Write(report))),
        "csv" => ReportCsv.Days(report, language),
        "pieces" => ReportCsv.Pieces(report, zone, language),
        _ => ReportJson.Write(report),
    };
}
