using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Service.LiveConsole.Accounts;

namespace Gateway.Service.Commands;

/// <summary><c>gateway compliance</c>: the figures of <c>/api/v1/compliance</c> with formula and terms, as a table.</summary>
internal static class ComplianceCommand
{
    private static readonly Option<string> By = new("--by") { Description = "site, class, enterprise, device / 统计范围", DefaultValueFactory = _ => "site" };

    private static readonly Option<string> Window = new("--window") { Description = "now, today, 2026-11-21, 2026-11, bimonth:2026-6, FROM/TO / 统计期", DefaultValueFactory = _ => "today" };

    public static Command Create()
    {
        By.AcceptOnlyFromAmong(AccountViews.Scopes);
        var command = new Command("compliance", "The three 100 % rules and all other figures / 三个 100% 与其他指标") { By, Window, AccountsOption.Language, AccountsOption.Json, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed) => AccountsOption.Run(parsed, (configuration, model) =>
    {
        string asked = parsed.GetRequiredValue(Window);
        if (WindowText.Read(asked, model.Ledger.Site.TimeZone, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) is not { } window) return AccountsOption.Wrong("--window", WindowText.Expected, asked);
        var figures = AccountViews.Compliance(AccountsOption.Report(configuration, model, window), parsed.GetRequiredValue(By), asked == "now");
        if (parsed.GetValue(AccountsOption.Json)) Console.WriteLine(JsonSerializer.Serialize(figures, AccountJson.Default.ComplianceDto));
        else Show(parsed, figures);
        return 0;
    });

    private static void Show(ParseResult parsed, ComplianceDto figures)
    {
        Console.WriteLine($"{figures.Window.Name}  {new LocalText("计至", "accounted up to").In(parsed)} {figures.Window.AccountedTo:yyyy-MM-dd HH:mm:ss'Z'}  {new LocalText("证据链", "chain").In(parsed)} {figures.Basis.HeadSeq} {figures.Basis.HeadHash}");
        foreach (var scope in figures.Items)
        {
            Console.WriteLine();
            Console.WriteLine($"{scope.Title.In(parsed)}{(scope.By == "site" || scope.Key.Length == 0 ? "" : $" ({scope.Key})")}");
            foreach (var figure in scope.Figures)
            {
                string verdict = figure is { Goal: true, Rate: not null } ? (figure.Met ? new LocalText("达到", "met") : new LocalText("未达到", "not met")).In(parsed) : "";
                Console.WriteLine($"  {figure.Title.In(parsed).Padded(52)}{(figure.Rate is { } rate ? rate + " %" : "n/a"),10}  {verdict}");
                Console.WriteLine($"      {figure.Formula}");
                Console.WriteLine($"      {string.Join("  ", figure.Terms.Select(t => $"{t.Id}={t.Number.ToString("#,0", CultureInfo.InvariantCulture)}{(t.Unit == "1" ? "" : " " + t.Unit)}"))}");
            }
        }
    }
}
