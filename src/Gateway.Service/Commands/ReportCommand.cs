using System.CommandLine;
using System.Globalization;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway report</c>: the report of a day, a month or two months, from the evidence chain. Reads only, also while the gateway runs.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Window = new("window") { Description = "2026-03-05, 2026-03, 2026-03/2026-04 (a calendar pair) / 日、月或双月" };

    private static readonly Option<string> Form = new("--format") { Description = "json (can be verified), html (to print), csv (device-days), pieces (intervals) / 输出格式", DefaultValueFactory = _ => "json" };

    private static readonly Option<string> Language = new("--lang") { Description = "zh, en", DefaultValueFactory = _ => "zh" };

    private static readonly Option<string?> Out = new("--out") { Description = "File; default: standard output / 输出文件" };

    private static readonly Option<long?> AsOfRow = new("--as-of") { Description = "As it was when this row of the chain was the newest, with the ledger of then / 截至证据链第几行" };

    public static Command Create()
    {
        Form.AcceptOnlyFromAmong("json", "html", "csv", "pieces");
        Language.AcceptOnlyFromAmong("zh", "en");
        var command = new Command("report", "Report a day or a month from the evidence chain / 由证据链生成日报、月报") { Window, Form, Language, Out, AsOfRow, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        return Guard(() => Run(parsed, configuration, model));
    }

    private static int Run(ParseResult parsed, GatewayConfiguration configuration, SiteModel model)
    {
        long? asOf = parsed.GetValue(AsOfRow);
        var (ledger, sha256) = ReportLedger.At(configuration, model, asOf);
        var zone = ledger.Site.TimeZone;
        string asked = parsed.GetRequiredValue(Window);
        if (WindowOf(asked, zone) is not { } window)
        {
            Console.Error.WriteLine($"gateway: expected a day (2026-03-05), a month (2026-03) or a calendar pair of months (2026-03/2026-04), saw \"{asked}\"");
            return 2;
        }
        var report = SiteReport.Of(ReportSource.Take(configuration.Store.StatePath, configuration.Gateway.Id, ledger, sha256, window, asOf));
        byte[] bytes = Write(report, zone, parsed.GetRequiredValue(Form), parsed.GetRequiredValue(Language) == "zh" ? ReportLanguage.Zh : ReportLanguage.En);
        if (parsed.GetValue(Out) is { } file) File.WriteAllBytes(file, bytes);
        else using (var output = Console.OpenStandardOutput()) output.Write(bytes);
        return 0;
    }

    private static int Guard(Func<int> act)
    {
        try
        {
            return act();
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static byte[] Write(SiteReport report, TimeZoneInfo zone, string form, ReportLanguage language) => form switch
    {
        "html" => ReportHtml.Write(report, zone, language, ReportJson.Sha256Of(ReportJson.Write(report))),
        "csv" => ReportCsv.Days(report, language),
        "pieces" => ReportCsv.Pieces(report, zone, language),
        _ => ReportJson.Write(report),
    };

    private static AccountWindow? WindowOf(string text, TimeZoneInfo zone)
    {
        if (Try(text, "yyyy-MM-dd") is { } day) return AccountWindow.Day(day, zone);
        if (Try(text, "yyyy-MM") is { } month) return AccountWindow.Month(month.Year, month.Month, zone);
        return text.Split('/') is [var first, var second] && Try(first, "yyyy-MM") is { } from && Try(second, "yyyy-MM") is { } to && from.Month % 2 == 1 && to == from.AddMonths(1)
            ? AccountWindow.BiMonth(from.Year, (from.Month + 1) / 2, zone)
            : null;
    }

    private static DateOnly? Try(string text, string form) => DateOnly.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
